"""`accredit build`, `serve` and `stage`: MkDocs with the project's `mkdocs.yml`, or with ours where there is none."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from markupsafe import escape
from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.utils.yaml import yaml_load

from accredit.assess import Assessment
from accredit.domain.registry import RegistryIdentity
from accredit.errors import RenderError, UsageError
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry
from accredit.site.mkdocs_plugin import AccreditPlugin
from accredit.site.site import Site, day_of
from accredit.site.stage import stage as write_tree

PLUGIN = "accredit"
CONFIG_NAME = "mkdocs.yml"
_DEFAULT = Path(__file__).parent / "default-mkdocs.yml"


@dataclass(frozen=True, slots=True)
class Built:
    """A site that was built."""

    folder: Path
    pages: int
    assessment: Assessment


def build(
    registry: Path, output: Path, as_of: date | None = None, *, config_file: Path | None = None, root: str = ""
) -> Built:
    """Checks a registry and builds its site, whatever the findings.

    The site is made in a folder beside the output and takes its place when it is complete, so that a build that is
    stopped leaves the last good site.

    Args:
        registry: The registry's folder.
        output: Where the site goes. Must be empty, absent, or an earlier site.
        as_of: The day of the assessment; None for what `mkdocs.yml` says, else today.
        config_file: The `mkdocs.yml` to use; None for the one beside the registry, else for our own.
        root: The commit in which the registry must begin; empty for what `mkdocs.yml` says.
    """
    output = output.resolve()
    _refuse_foreign(output, registry.resolve())
    output.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        with _configuration(registry, config_file) as path, _told(registry, as_of, root):
            plugin = _run(path, made)
        made.chmod(0o755)
        _swap(made, output)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    if plugin.assessment is None:
        raise RenderError("MkDocs did not ask for the pages of the registry")
    return Built(output, len(plugin.pages), plugin.assessment)


def serve(
    registry: Path, as_of: date | None = None, *, address: str | None = None, config_file: Path | None = None
) -> None:
    """Serves the site for preview and builds it anew whenever a file of the registry changes, until interrupted."""
    with _configuration(registry, config_file) as path, _told(registry, as_of), _as_our_errors(), _aloud():
        mkdocs_serve.serve(config_file=str(path), dev_addr=address)


def stage(registry: Path, output: Path, as_of: date | None = None, *, root: str = "") -> int:
    """Writes the site as a tree that other engines build, with the project's own pages and configuration.

    Args:
        registry: The registry's folder.
        output: Where the tree goes: absent, empty, or an earlier tree.
        as_of: The day of the assessment; None for what `mkdocs.yml` says, else today.
        root: The commit in which the registry must begin; empty for what `mkdocs.yml` says.

    Returns:
        How many pages of the registry there are.
    """
    found = next((p for p in _places(registry.resolve()) if p.is_file()), None)
    settings, own = default_configuration(registry), None
    if found is not None:
        with _as_our_errors():
            settings = yaml_load(found.read_text(encoding="utf-8"))
        own = found.parent / str(settings.get("docs_dir", "docs"))
    plugins, options = _without_plugin(settings.get("plugins"))
    settings["plugins"] = plugins
    chosen = {**options, **{name: value for name, value in (("as_of", as_of), ("root", root)) if value}}
    links, source = bool(settings.get("use_directory_urls", True)), str(chosen.get("source", ""))
    day, begin = day_of(chosen.get("as_of", "")), str(chosen.get("root", ""))
    site = Site.open(registry, day, source=source, directory_urls=links, root=begin)
    try:
        pages = write_tree(site, output, settings, own)
    except BaseException:
        site.close(complete=False)
        raise
    site.close(complete=True)
    return pages


def _without_plugin(plugins: Any) -> tuple[list[Any], Mapping[str, Any]]:
    """The plugins of a configuration but ours, and the options of ours."""
    listed = [{name: options} for name, options in plugins.items()] if isinstance(plugins, dict) else plugins or []
    named = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in listed]
    ours = next((entry for name, entry in zip(named, listed, strict=True) if name == PLUGIN), None)
    kept = [entry for name, entry in zip(named, listed, strict=True) if name != PLUGIN]
    return kept, (ours[PLUGIN] or {}) if isinstance(ours, dict) else {}


def _run(config_file: Path, site_dir: Path) -> AccreditPlugin:
    with _as_our_errors():
        config = load_config(str(config_file), site_dir=str(site_dir))
        plugin = config.plugins.get(PLUGIN)
        if not isinstance(plugin, AccreditPlugin):
            raise UsageError(f"{config_file} does not name the plugin", f"Add `- {PLUGIN}` to its `plugins`.")
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build.build(config)
        finally:
            config.plugins.on_shutdown()
        return plugin


@contextmanager
def _as_our_errors() -> Iterator[None]:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # about the theme's future; nothing that our user can act on
    try:
        yield
    except (Abort, MkDocsException) as error:
        raise RenderError(f"the site could not be built: {error}", "What MkDocs said stands above.") from error


@contextmanager
def _aloud() -> Iterator[None]:
    """Lets MkDocs say on stderr where it serves and what it does."""
    logger, handler = logging.getLogger("mkdocs"), logging.StreamHandler()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def _told(registry: Path, as_of: date | None, root: str = "") -> Iterator[None]:
    """What the command line says wins over `mkdocs.yml`."""
    told = {"registry": str(registry.resolve()), "as_of": as_of, "root": root}
    AccreditPlugin.told = {option: value for option, value in told.items() if value}
    try:
        yield
    finally:
        AccreditPlugin.told = {}


@contextmanager
def _configuration(registry: Path, chosen: Path | None) -> Iterator[Path]:
    """The project's configuration, or for a registry without one our own, in a folder of its own."""
    found = chosen or next((p for p in _places(registry.resolve()) if p.is_file()), None)
    if found is not None:
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="accredit-") as folder:
        path = Path(folder) / CONFIG_NAME
        (Path(folder) / "docs").mkdir()
        path.write_text(yaml.safe_dump(default_configuration(registry), sort_keys=False), encoding="utf-8")
        yield path


def _places(registry: Path) -> Iterator[Path]:
    """Where a project with this registry keeps its `mkdocs.yml`: beside it, or where the command is given."""
    yield registry.parent / CONFIG_NAME
    if registry.is_relative_to(Path.cwd()):
        yield Path.cwd() / CONFIG_NAME


def default_configuration(registry: Path) -> dict[str, object]:
    """The `mkdocs.yml` of a registry that has none."""
    configuration: dict[str, object] = yaml.safe_load(_DEFAULT.read_text(encoding="utf-8"))
    configuration["site_name"] = str(escape(_name(registry)))  # themes print it as it is
    configuration["plugins"] = ["search", {PLUGIN: {"registry": str(registry.resolve())}}]
    return configuration


def _name(registry: Path) -> str:
    path = registry / "registry.yaml"
    content = Folder(registry).read(path.name) if path.is_file() else b""
    identity, _ = read_entry("registry", path.name, content)
    return identity.name if isinstance(identity, RegistryIdentity) else "Model registry"


def _refuse_foreign(output: Path, registry: Path) -> None:
    """A folder that is no earlier site is not ours to replace."""
    if output == registry or output in registry.parents or registry in output.parents:
        raise UsageError(f"the site cannot go to {output}, where the registry is", "Choose another --output.")
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"{output} is not a folder", "Choose another --output.")
    earlier = all((output / name).is_file() for name in ("404.html", "sitemap.xml"))
    if output.is_dir() and any(output.iterdir()) and not earlier:
        raise UsageError(f"{output} holds something other than a site", "Empty it, or choose another --output.")


def _swap(made: Path, output: Path) -> None:
    """Puts the new site in the place of the old one."""
    if not output.exists():
        made.rename(output)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    output.rename(old / "old")
    made.rename(output)
    shutil.rmtree(old, ignore_errors=True)
