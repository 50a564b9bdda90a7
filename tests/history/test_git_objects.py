from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest
from tests.support.repository import RepositoryBuilder, a_repository, git

from accredit.errors import GitError
from accredit.history.git import Git
from accredit.history.objects import Objects
from accredit.loading.yaml import MAX_BYTES


@pytest.fixture
def story(tmp_path: Path) -> RepositoryBuilder:
    return a_repository(tmp_path).write({"a": "x"}).commit()


def stored(story: RepositoryBuilder, content: bytes) -> str:
    return git(story.path, "hash-object", "-w", "--stdin", stdin=content).decode().strip()


def test_blobs_come_back_as_they_are_and_in_order(story: RepositoryBuilder) -> None:
    contents = [b"", b"\n", b"\0" * 100, os.urandom(200_000), *(b"%d\r\n" % i for i in range(150))]
    oids = [stored(story, content) for content in contents]
    with Objects(Git(story.path)) as objects:
        assert [(b.oid, b.size, b.content) for b in objects.blobs(oids)] == [
            (oid, len(content), content) for oid, content in zip(oids, contents, strict=True)
        ]


def test_a_blob_that_is_too_large_is_not_read(story: RepositoryBuilder) -> None:
    oids = [stored(story, b"x" * size) for size in (MAX_BYTES, MAX_BYTES + 1, 3)]
    with Objects(Git(story.path)) as objects:
        found = list(objects.blobs(oids))
    assert [b.size for b in found] == [MAX_BYTES, MAX_BYTES + 1, 3]
    assert [b.content is None for b in found] == [False, True, False]


def test_reading_goes_on_after_an_error_and_after_closing(story: RepositoryBuilder) -> None:
    oid = stored(story, b"text")
    objects = Objects(Git(story.path))
    with pytest.raises(GitError, match="is missing"):
        list(objects.blobs([oid, "1" * 40, oid]))
    assert objects.blob(oid).content == b"text"
    objects.close()
    assert objects.blob(oid).content == b"text"
    objects.close()


@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}"])
def test_a_commit_or_a_folder_is_no_file(story: RepositoryBuilder, name: str) -> None:
    oid = git(story.path, "rev-parse", name).decode().strip()
    with Objects(Git(story.path)) as objects, pytest.raises(GitError, match="is no file"):
        objects.blob(oid)


def test_an_object_with_other_content_than_its_id_says_is_noticed(story: RepositoryBuilder) -> None:
    oid = stored(story, b"approved")
    path = story.path / "objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob 8\0rejected"))
    assert git(story.path, "cat-file", "blob", oid) == b"rejected"
    with Objects(Git(story.path)) as objects, pytest.raises(GitError, match="not what its id says"):
        objects.blob(oid)


def test_a_git_that_never_answers_is_stopped(story: RepositoryBuilder) -> None:
    oid = "1" * 40
    (story.path / "objects" / "11").mkdir()
    os.mkfifo(story.path / "objects" / "11" / oid[2:])
    with Objects(Git(story.path, patience=0.5)) as objects, pytest.raises(GitError, match="no answer"):
        objects.blob(oid)
