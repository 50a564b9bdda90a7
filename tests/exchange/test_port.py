from __future__ import annotations

from pathlib import Path

import pytest

from accredit.errors import PluginError, UsageError
from accredit.exchange.port import EXPORTERS, IMPORTERS, exporter, importer, names

GOOD = """
class Card:
    summary = "Reads a card."
    lossy = ("colour",)
    def read(self, content):
        return {"models/x/model.yaml": content.decode()}
    def write(self, assessment, subject):
        return {"card.txt": subject.encode()}
card = Card()
half = object()
"""


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def installed(folder: Path, package: str, entry_points: str, **modules: str) -> None:
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)


def test_a_plugin_is_found_by_its_name(site_packages: Path) -> None:
    points = f"[{IMPORTERS}]\nacard = port_good:card\n[{EXPORTERS}]\nacard = port_good:card\n"
    installed(site_packages, "good-plugin", points, port_good=GOOD)
    assert "acard" in names(IMPORTERS)
    assert importer("acard").read(b"text") == {"models/x/model.yaml": "text"}
    assert exporter("acard").lossy == ("colour",)


def test_listing_names_loads_nothing(site_packages: Path) -> None:
    installed(site_packages, "loud-plugin", f"[{IMPORTERS}]\nloud = port_loud:x\n", port_loud="raise SystemError")
    assert "loud" in names(IMPORTERS)


@pytest.mark.parametrize(
    ("source", "said"),
    [("1 / 0", "ZeroDivisionError"), ("import no_such_module_here", "no_such_module_here"), ("", "has no attribute")],
)
def test_a_broken_plugin_is_an_error_that_names_its_package(site_packages: Path, source: str, said: str) -> None:
    module = f"port_broken_{abs(hash(source))}"
    installed(site_packages, "broken-plugin", f"[{IMPORTERS}]\nbroken = {module}:card\n", **{module: source})
    with pytest.raises(PluginError, match=said) as caught:
        importer("broken")
    assert "broken-plugin" in caught.value.hint


def test_an_object_that_does_too_little_is_no_plugin(site_packages: Path) -> None:
    points = f"[{IMPORTERS}]\nhalf = port_half:half\n[{EXPORTERS}]\nhalf = port_half:half\n"
    installed(site_packages, "half-plugin", points, port_half=GOOD)
    with pytest.raises(PluginError, match="no importer"):
        importer("half")
    with pytest.raises(PluginError, match="no exporter"):
        exporter("half")


def test_two_packages_with_one_name_are_not_guessed_between(site_packages: Path) -> None:
    installed(site_packages, "first", f"[{IMPORTERS}]\ntwin = port_first:card\n", port_first=GOOD)
    installed(site_packages, "second", f"[{IMPORTERS}]\ntwin = port_second:card\n", port_second=GOOD)
    with pytest.raises(PluginError, match="first and second"):
        importer("twin")


def test_an_unknown_name_says_what_is_known(site_packages: Path) -> None:
    installed(site_packages, "known-plugin", f"[{EXPORTERS}]\nknown = port_known:card\n", port_known=GOOD)
    with pytest.raises(UsageError) as caught:
        exporter("unknown")
    assert "known" in caught.value.hint
