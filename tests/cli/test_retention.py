"""The retention commands: what is kept, what falls due, and what is found in stores."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from tests.support.cases import base_files, patched
from tests.support.program import on_disk, run
from tests.support.sealing import sealed

from accredit.loading.folder import Folder
from accredit.loading.tree import load
from accredit.storage.remote import Reach, RefusedError

V = "models/loan-default/versions/2.0.0"
SUBJECT = ("loan-default", "2.0.0")
CONTENT = b"a model of ten bytes and more"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def registry(folder: Path, uri: str, sha256: str = SHA256) -> Path:
    artifact = {"artifacts.0.uri": uri, "artifacts.0.sha256": sha256, "artifacts.0.size_bytes": len(CONTENT)}
    return on_disk(folder, sealed(patched(base_files(), {f"{V}/version.yaml": artifact})))


def told(*arguments: object, code: int = 0) -> str:
    result = run("retention", "verify", *SUBJECT, "--by", "rita", *arguments)
    assert result.exit_code == code, result.output
    return next(line for line in result.stdout.splitlines() if "model_artifact" in line)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_local_file_is_hashed_and_the_look_is_written(tmp_path: Path) -> None:
    root = registry(tmp_path, f"file://{tmp_path}/stored/model.skops")
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored/model.skops").write_bytes(CONTENT)
    assert told("--root", "stored").endswith("ok (digest)")
    version = load(Folder(root)).registry.models["loan-default"].versions["2.0.0"]
    (check,) = version.verifications.values()
    (seen,) = check.objects
    assert (check.by, seen.method, seen.result, seen.sha256) == ("rita", "digest", "ok", SHA256)
    assert (tmp_path / "stored/model.skops").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("stored", "words"),
    [(None, "missing (digest)"), (CONTENT[:-1] + b"!", "differs (digest)"), (CONTENT * 2, "longer")],
)
def test_what_is_gone_or_changed_is_told(tmp_path: Path, stored: bytes | None, words: str) -> None:
    registry(tmp_path, "file:model.skops")
    (tmp_path / "stored").mkdir()
    if stored is not None:
        (tmp_path / "stored/model.skops").write_bytes(stored)
    assert words in told("--root", "stored", code=1)


@pytest.mark.parametrize(
    "uri", ["file:///etc/passwd", "file:../secret", "file:a/../../secret", "file:%2e%2e/secret", "file://host/secret",
            "file:link", "file:linked/secret", "dvc:../secret.dvc"]
)  # fmt: skip
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, uri: str) -> None:
    registry(tmp_path, uri)
    (tmp_path / "secret").write_bytes(CONTENT)
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored/link").symlink_to(tmp_path / "secret")
    (tmp_path / "stored/linked").symlink_to(tmp_path)
    assert "not looked at" in told("--root", "stored")


def test_a_dvc_record_is_followed_into_the_cache(tmp_path: Path) -> None:
    registry(tmp_path, "dvc:data/model.skops.dvc")
    md5 = hashlib.md5(CONTENT).hexdigest()
    cached = tmp_path / "stored/.dvc/cache/files/md5" / md5[:2]
    cached.mkdir(parents=True)
    (tmp_path / "stored/data").mkdir()
    (tmp_path / "stored/data/model.skops.dvc").write_text(
        f"outs:\n- md5: {md5}\n  size: {len(CONTENT)}\n  path: model.skops\n"
    )
    assert "missing" in told("--root", "stored", code=1)
    (cached / md5[2:]).write_bytes(CONTENT)
    assert told("--root", "stored").endswith("ok (digest)")


def test_a_bucket_is_asked_only_when_wanted(tmp_path: Path) -> None:
    registry(tmp_path, "s3://models/m.skops")
    fsspec.register_implementation("s3", MemoryFileSystem, clobber=True)
    with fsspec.filesystem("memory").open("s3://models/m.skops", "wb") as file:
        file.write(CONTENT)
    assert "nothing is fetched without --remote" in told()
    assert "not among the hosts" in told("--remote", "--only", "other")
    assert told("--remote", "--only", "models").endswith("ok (digest)")
    fsspec.filesystem("memory").store.clear()
    assert told("--remote", "--only", "models", code=1).endswith("missing (digest)")


@pytest.mark.parametrize(
    ("uri", "options"),
    [
        ("https://ada:hunter2@models/m", ("--only", "models")),
        ("http://models/m", ("--only", "models")),
        ("https://models::file/m", ("--only", "models")),
    ],
)
def test_private_hosts_passwords_and_chains_are_refused(tmp_path: Path, uri: str, options: tuple[str, ...]) -> None:
    registry(tmp_path, uri)
    result = run("retention", "verify", *SUBJECT, "--by", "rita", "--remote", "--only", "nowhere", *options)
    line = next(line for line in result.stdout.splitlines() if "model_artifact" in line)
    assert "not looked at" in line
    assert "hunter2" not in result.output


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "localhost"])
def test_a_private_host_is_asked_only_if_it_is_named(host: str) -> None:
    with pytest.raises(RefusedError):
        Reach().admit(f"https://{host}/m")


def test_due_dates_come_as_text_json_and_calendar(tmp_path: Path) -> None:
    registry(tmp_path, "file:model.skops")
    when = ("--as-of", "2026-11-23", "--within", "1y")
    assert "To be decided by people" in run("retention", "due", *when).stdout
    found = json.loads(run("retention", "due", *when, "--format", "json").stdout)["due"]
    text = run("retention", "due", *when, "--format", "ics").stdout
    assert text.count("BEGIN:VEVENT") == len(found) > 0
    assert run("retention", "due", "--within", "soon").exit_code == 2


def test_a_schedule_says_why(tmp_path: Path) -> None:
    registry(tmp_path, "file:model.skops")
    text = run("retention", "schedule", *SUBJECT).stdout
    assert "policy's default: 3 years from the last day in production, which has not come" in text
