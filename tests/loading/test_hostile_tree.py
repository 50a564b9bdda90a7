"""Hostile folders: odd files become findings, and everything else still loads."""

from __future__ import annotations

import os
import resource
import socket
import sys
from pathlib import Path

import pytest
from tests.support.memory_tree import MemoryTree

from accredit.errors import NotARegistryError
from accredit.loading.folder import Folder, TreeFile
from accredit.loading.tree import load
from accredit.loading.yaml import MAX_BYTES

IDENTITY = b"format: 1\nid: 0b8a5f0e-1111-4222-8333-444455556666\nname: Test\n"
PERSON = b"name: Ada Lovelace\n"
DIGEST = "a" * 64


@pytest.fixture
def root(tmp_path) -> Path:
    write(tmp_path, "registry.yaml", IDENTITY)
    write(tmp_path, "people/ada.yaml", PERSON)
    return tmp_path


def write(folder: Path, path: str, content: bytes) -> Path:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def only_finding(root: Path) -> tuple[str, str]:
    """Place and message of the one finding; the rest of the registry is there all the same."""
    loaded = load(Folder(root))
    assert set(loaded.registry.people) == {"ada"}
    (finding,) = loaded.findings
    assert finding.code == "REG001"
    assert finding.help
    return str(finding.location), finding.message


def test_a_broken_file_is_absent_and_the_rest_is_there(root):
    write(root, "people/eve.yaml", b"name: 1\nnam: [1\n")
    assert only_finding(root) == ("people/eve.yaml:2:6", "not YAML: the list is not closed")
    assert load(Folder(root)).registry.broken == {"people/eve.yaml"}


def test_a_file_of_100_mb_is_a_finding_and_never_read(root):
    with (root / "people/eve.yaml").open("wb") as file:
        file.truncate(100 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    place, message = only_finding(root)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    assert place == "people/eve.yaml:1:1"
    assert "104,857,600 bytes" in message
    assert grown < 16 << 20


def test_a_file_that_grows_while_it_is_read_is_read_up_to_the_limit(root):
    with (root / "people/eve.yaml").open("wb") as file:
        file.truncate(100 << 20)
    assert len(Folder(root).read("people/eve.yaml")) == MAX_BYTES + 1


@pytest.mark.parametrize("target", ["ada.yaml", "../people", "nowhere", "eve.yaml", "/etc/passwd", "/dev/zero"])
def test_a_symbolic_link_is_a_finding_wherever_it_leads(root, target):
    (root / "people/eve.yaml").symlink_to(target)
    assert only_finding(root) == ("people/eve.yaml:1:1", "`people/eve.yaml` is a symbolic link")


def test_a_linked_folder_is_not_entered(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "hmda.yaml", b"")
    (root / "datasets").symlink_to(outside)
    assert only_finding(root) == ("datasets:1:1", "`datasets` is a symbolic link")


def test_a_pipe_does_not_make_us_wait(root):
    os.mkfifo(root / "people/eve.yaml")
    assert only_finding(root)[1] == "`people/eve.yaml` is a device, socket or pipe"
    with pytest.raises(OSError, match="not a plain file"):
        Folder(root).read("people/eve.yaml")


def test_a_socket_is_a_finding(root, monkeypatch):
    monkeypatch.chdir(root / "people")  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("eve.yaml")
        assert only_finding(root)[1] == "`people/eve.yaml` is a device, socket or pipe"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("people/Eve.yaml", "people/Eve.yaml"),
        ("people/eve.YAML", "people/eve.YAML"),
        ("people/eve.yml", "people/eve.yml"),
        ("people/eve.yaml.", "people/eve.yaml."),
        ("people/eve.yaml ", "people/eve.yaml "),
        ("people/eve\n.yaml", r"people/eve\n.yaml"),
        ("people/\x1b]0;owned\x07.yaml", r"people/\x1b]0;owned\x07.yaml"),
        ("people/zoë.yaml", r"people/zo\xeb.yaml"),
        ("people/a\u202elmay.yaml", r"people/a\u202elmay.yaml"),
        ("people/con.yaml", "people/con.yaml"),
        ("people/eve.yaml:stream", "people/eve.yaml:stream"),
        ("people/eve.yaml.sig", "people/eve.yaml.sig"),
        ("Registry.yaml", "Registry.yaml"),
        ("models/x/versions/nul/version.yaml", "models/x/versions/nul/version.yaml"),
        (f"people/{'e' * 200}.yaml", f"people/{'e' * 200}.yaml"),
    ],
)
def test_a_path_outside_the_grammar_is_a_finding_that_shows_it_harmlessly(root, name, shown):
    write(root, name, PERSON)
    assert only_finding(root) == (f"{shown}:1:1", f"`{shown}` has no place in a registry")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name themselves")
def test_a_name_that_is_not_utf8_is_a_finding(root):
    write(root, os.fsdecode(b"people/\xff.yaml"), PERSON)
    assert only_finding(root)[1] == r"`people/\udcff.yaml` has no place in a registry"


def test_a_folder_in_the_place_of_a_file_is_a_finding(root):
    (root / "policy.yaml").mkdir()
    write(root, "policy.yaml/inside.yaml", PERSON)
    assert only_finding(root)[1] == "`policy.yaml` is a folder"


def test_200_folders_in_each_other_are_one_finding(root):
    deep = root / "people"
    for _ in range(200):
        deep /= "a"
    write(deep, "ada.yaml", PERSON)
    assert "is a folder below 12 others" in only_finding(root)[1]


def test_folders_with_long_names_are_one_finding(root):
    at = os.open(root, os.O_RDONLY)
    for _ in range(20):  # longer together than any path may be, so each is made from inside the one before
        os.mkdir("n" * 250, dir_fd=at)
        inner = os.open("n" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    assert "is a folder below 12 others" in only_finding(root)[1]


def test_a_repository_inside_the_registry_is_a_finding_and_that_of_the_registry_is_not(root):
    write(root, ".git/config", b"")
    assert load(Folder(root)).findings == ()
    write(root, "models/.git/config", b"")
    assert only_finding(root)[1] == "`models/.git` is a git repository inside the registry"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_and_a_folder_that_may_not_be_read_are_findings(root):
    write(root, "people/eve.yaml", PERSON).chmod(0)
    assert only_finding(root)[1] == "`people/eve.yaml` cannot be read: permission denied"


class Vanishing(Folder):
    """A folder in which a file goes between listing and reading."""

    def read(self, path):
        if path == "people/eve.yaml":
            (self.root / path).unlink()
        return super().read(path)


def test_a_file_that_vanishes_between_listing_and_reading_is_a_finding(root):
    write(root, "people/eve.yaml", PERSON)
    loaded = load(Vanishing(root))
    assert [f.message for f in loaded.findings] == ["`people/eve.yaml` cannot be read: no such file or directory"]
    assert set(loaded.registry.people) == {"ada"}


class Swapping(Folder):
    """A folder in which a file becomes a link between listing and reading."""

    def read(self, path):
        if path == "people/eve.yaml":
            (self.root / path).unlink()
            (self.root / path).symlink_to("ada.yaml")
        return super().read(path)


def test_a_link_that_takes_the_place_of_a_listed_file_is_not_followed(root):
    write(root, "people/eve.yaml", PERSON)
    assert [f.location.path for f in load(Swapping(root)).findings] == ["people/eve.yaml"]
    assert set(load(Folder(root)).registry.people) == {"ada"}


@pytest.mark.parametrize("make", [lambda _: None, lambda p: p.write_bytes(b""), lambda p: p.mkdir()])
def test_what_is_no_registry_stops_us_with_a_hint(tmp_path, make):
    make(tmp_path / "registry")
    with pytest.raises(NotARegistryError) as caught:
        load(Folder(tmp_path / "registry"))
    assert caught.value.hint


def test_a_broken_registry_yaml_is_a_finding_like_any_other(root):
    write(root, "registry.yaml", b"format: [1\n")
    assert only_finding(root) == ("registry.yaml:1:9", "not YAML: the list is not closed")


def test_the_order_in_which_a_system_lists_files_changes_nothing():
    files = {
        "registry.yaml": IDENTITY,
        "people/ada.yaml": PERSON,
        "people/eve.yaml": b"nam: 1\n",
        "people/Bad": b"",
        "models/m/model.yaml": b"name: M\nsummary: s\nowner: ada\npurpose: p\ntask: other\n",
        **{
            f"models/m/versions/{v}/version.yaml": b"model: m\nversion: '%s'\nsummary: s\n" % v.encode()
            for v in ("1", "2", "10")
        },
    }

    class Backwards(MemoryTree):
        def files(self):
            return reversed(list(super().files()))

    there, back = load(MemoryTree(files)), load(Backwards(files))
    assert there == back
    assert list(there.registry.models["m"].versions) == list(back.registry.models["m"].versions)
    assert TreeFile("people/Bad", 0) in list(Backwards(files).files())
