"""`accredit decisions record`: a log is read as a stream, and only its counts and its digest go into the registry."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
from click.testing import Result
from tests.support.cases import base_registry, patched
from tests.support.program import on_disk, run

import accredit
from accredit.exchange.prediction_log import MAX_LINE
from accredit.loading.yaml import parse

VERSION = "models/loan-default/versions/2.0.0"
ROWS: Sequence[Mapping[str, object]] = (
    {"id": "a1", "outcome": "approved", "reasons": "", "gender": "female"},
    {"id": "a2", "outcome": "refused", "reasons": "income, term", "gender": "female"},
    {"id": "a3", "outcome": "approved", "reasons": " ", "gender": "male"},
    {"id": "a4", "outcome": "refused", "reasons": "age of\nfile", "gender": ""},
)
WANTED = {
    "records": 4,
    "with_reasons": 0.5,
    "outcomes": [
        {
            "attributes": ["gender"],
            "source": "recorded",
            "favourable": "approved",
            "unknown_n": 1,
            "groups": {"female": {"n": 2, "selected": 1}, "male": {"n": 1, "selected": 1}},
        }
    ],
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    groups = {"fairness.groups": {"gender": ["female", "male"]}}
    return on_disk(tmp_path, patched(base_registry(), {"policy.yaml": groups}))


def as_csv(rows: Sequence[Mapping[str, object]] = ROWS) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_jsonl(rows: Sequence[Mapping[str, object]] = ROWS) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def recorded(name: str, content: bytes, *options: str) -> Result:
    Path(name).write_bytes(content)
    period = ("--period-from", "2026-09-01", "--period-to", "2026-09-30")
    who = ("--model", "loan-default", "--version", "2.0.0", "--favourable", "approved")
    return run("decisions", "record", name, *who, *period, *options)


def manifest(root: Path, name: str = "2026-09") -> dict[str, object]:
    content = (root / VERSION / f"decisions/{name}.yaml").read_bytes()
    found = json.loads(json.dumps(parse(content).data, default=lambda v: dict(v) if isinstance(v, Mapping) else str(v)))
    assert isinstance(found, dict)
    return found


def written(root: Path) -> list[Path]:
    return [path for path in (root / VERSION / "decisions").glob("*") if "2026-09" in path.name]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("october.csv", as_csv()),
        ("october.csv.gz", gzip.compress(as_csv())),
        ("october.jsonl", as_jsonl()),
        ("october.ndjson.gz", gzip.compress(as_jsonl())),
        ("bom.csv", b"\xef\xbb\xbf" + as_csv()),
    ],
)
def test_every_kind_of_log_gives_the_same_manifest(root: Path, name: str, content: bytes) -> None:
    done = recorded(name, content, "--uri", "s3://logs/october")
    assert done.exit_code == 0, done.stderr
    found = manifest(root)
    assert found["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["uri"] == "s3://logs/october"
    assert {key: found[key] for key in WANTED} == WANTED


def test_parquet_gives_the_same_manifest(root: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    table = arrow.table({name: [row[name] or None for row in ROWS] for name in ROWS[0]})
    parquet.write_table(table, out, row_group_size=3)
    done = recorded("october.parquet", out.getvalue())
    assert done.exit_code == 0, done.stderr
    found = manifest(root)
    assert found["sha256"] == hashlib.sha256(out.getvalue()).hexdigest()
    assert {key: found[key] for key in WANTED} == WANTED


def test_a_manifest_is_part_of_a_registry_that_the_check_accepts(root: Path) -> None:
    assert (
        recorded("october.csv", as_csv(), "--uri", f"s3://logs/{hashlib.sha256(as_csv()).hexdigest()}").exit_code == 0
    )
    codes = json.loads(run("check", root, "--as-of", "2026-11-23", "--format", "json", "--no-cache").stdout)["findings"]
    assert [f for f in codes if "decisions" in f["path"] and f["code"].startswith("REG")] == []


def test_no_value_of_a_row_goes_into_the_registry(root: Path) -> None:
    assert recorded("october.csv", as_csv()).exit_code == 0
    text = (root / VERSION / "decisions/2026-09.yaml").read_text()
    assert [word for word in ("a1", "income", "refused") if word in text] == []


def test_columns_may_have_other_names(root: Path) -> None:
    renamed = [{"decision": r["outcome"], "why": r["reasons"], "sex": r["gender"]} for r in ROWS]
    assert recorded("o.csv", as_csv(renamed), "--columns", "outcome=decision,reasons=why,gender=sex").exit_code == 0
    found = manifest(root)
    assert {key: found[key] for key in WANTED} == WANTED


def test_values_of_json_are_counted_as_text_would_be(root: Path) -> None:
    rows = [{"outcome": True, "reasons": ["", None], "gender": None}, {"outcome": False, "reasons": ["x"]}]
    done = recorded("o.jsonl", as_jsonl(rows), "--favourable", "true", "--columns", "gender=gender")
    assert done.exit_code == 0, done.stderr
    assert manifest(root)["with_reasons"] == 0.5
    assert manifest(root)["outcomes"][0]["unknown_n"] == 2  # type: ignore[index]


def test_a_key_that_the_first_records_of_a_json_log_leave_out_is_counted(root: Path) -> None:
    rows: list[dict[str, object]] = [
        {"outcome": "approved"},
        {"outcome": "refused", "gender": "male", "reasons": ["x"]},
    ]
    assert recorded("o.jsonl", as_jsonl(rows)).exit_code == 0
    assert manifest(root)["with_reasons"] == 0.5
    (gender,) = cast("list[dict[str, object]]", manifest(root)["outcomes"])
    assert gender["unknown_n"] == 1


@pytest.mark.parametrize("key", ["gender", "reasons"])
def test_a_key_that_comes_up_late_in_a_json_log_is_not_passed_over(root: Path, key: str) -> None:
    done = recorded("o.jsonl", as_jsonl([{"outcome": "approved"}] * 1200 + [{"outcome": "refused", key: "male"}]))
    assert done.exit_code == 2
    assert f"o.jsonl:1201: has `{key}`, which none of the first 1,000 records has" in done.stderr
    assert written(root) == []


def test_a_part_of_a_month_is_named_by_its_days(root: Path) -> None:
    assert recorded("o.csv", as_csv(), "--period-to", "2026-09-15").exit_code == 0
    assert manifest(root, "2026-09-01-to-2026-09-15")["records"] == 4


def test_the_same_log_gives_the_same_bytes(root: Path) -> None:
    texts = []
    for _ in range(2):
        assert recorded("o.csv", as_csv()).exit_code == 0
        texts.append((root / VERSION / "decisions/2026-09.yaml").read_bytes())
        (root / VERSION / "decisions/2026-09.yaml").unlink()
    assert texts[0] == texts[1]


def test_a_period_is_recorded_once(root: Path) -> None:
    assert recorded("o.csv", as_csv()).exit_code == 0
    before = written(root)[0].read_bytes()
    again = recorded("o.csv", as_csv(ROWS[:2]))
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert written(root)[0].read_bytes() == before


HOSTILE = {
    "a group that policy does not fix": (
        "o.csv",
        as_csv([{"outcome": "x", "gender": "Jane Doe"}]),
        "o.csv:2: `Jane Doe`",
    ),
    "no outcome": ("o.csv", as_csv([*ROWS, {"id": "a5", "outcome": "", "gender": "male"}]), "no outcome"),
    "a missing column": ("o.csv", b"id,gender\n1,male\n", "no column `outcome`"),
    "a column twice": ("o.csv", b"outcome,outcome\nx,y\n", "2 columns `outcome`"),
    "an empty file": ("o.csv", b"", "is empty"),
    "an empty JSON log": ("o.jsonl", b"\n\n", "is empty"),
    "a short row": ("o.csv", b"outcome,gender\nx\n", "o.csv:2: has 1 values"),
    "an open quote": ("o.csv", b'outcome,gender\nx,"male\n', "is no CSV"),
    "bad JSON": ("o.jsonl", b'{"outcome": "x"}\n{"outcome": \n', "o.jsonl:2: is no JSON"),
    "NaN": ("o.jsonl", b'{"outcome": NaN}\n', "o.jsonl:1: is no JSON: NaN is no number"),
    "no object": ("o.jsonl", b'{"outcome": "x"}\n[1]\n', "o.jsonl:2: is JSON, and no object"),
    "deep JSON": ("o.jsonl", b'{"outcome": ' + b"[" * 200_000 + b"\n", "o.jsonl:1: is no JSON"),
    "a list as outcome": ("o.jsonl", b'{"outcome": ["x"]}\n', "`outcome` is a list"),
    "another encoding": (
        "o.csv",
        b"outcome,gender\nx,male\nx,m\xe4nnlich\n",
        "o.csv:3: holds a byte that is not UTF-8",
    ),
    "a line without an end": (
        "o.jsonl",
        b'{"outcome": "' + b"x" * (MAX_LINE + (1 << 18)),
        "o.jsonl:1: the line has more",
    ),
    "half a gzip": ("o.csv.gz", gzip.compress(as_csv())[:-9], "is not whole as gzip"),
    "no gzip": ("o.csv.gz", as_csv(), "is not whole as gzip"),
    "another kind": ("o.xlsx", b"PK", "no kind of log that is known"),
    "no Parquet": ("o.parquet", b"PAR1 no", "arquet"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_log_that_cannot_be_counted_writes_nothing(root: Path, what: str) -> None:
    name, content, message = HOSTILE[what]
    done = recorded(name, content)
    assert done.exit_code == 2, done.stdout
    assert message in done.stderr
    assert written(root) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--columns", "race=race"), "policy fixes no groups of race"),
        (("--columns", "outcome"), "is not WHAT=COLUMN"),
        (("--period-from", "soon"), "is not a date"),
        (("--period-from", "2026-10-01"), "before it begins"),
        (("--version", "9"), "no version 9"),
        (("--uri", "not a uri"), "uri"),
        (("--columns", "gender=gender", "--favourable", ""), "which outcome is good"),
    ],
)
def test_what_makes_no_sense_is_refused(root: Path, options: tuple[str, ...], message: str) -> None:
    done = recorded("o.csv", as_csv(), *options)
    assert done.exit_code == 2
    assert message in done.stderr
    assert written(root) == []


def test_an_outcome_that_nobody_has_is_said(root: Path) -> None:
    done = recorded("o.csv", as_csv(), "--favourable", "Approved")
    assert "no decision has the outcome Approved" in done.stderr
    assert len(written(root)) == 1


def test_parquet_without_its_library_says_what_to_install(root: Path, tmp_path: Path) -> None:
    (tmp_path / "o.parquet").write_bytes(b"PAR1")
    script = (
        "import sys; sys.modules['pyarrow'] = None\nfrom pathlib import Path\n"
        "from accredit.exchange.prediction_log import opened\nopened(Path('o.parquet')).__enter__()"
    )
    environment = {"PYTHONPATH": str(Path(accredit.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert "Parquet cannot be read here" in done.stderr
    assert root.is_dir()


def many(count: int) -> Iterator[str]:
    yield "id,outcome,reasons,gender,free\r\n"
    for i in range(count):
        yield f"a{i},{('approved', 'refused')[i % 2]},r{i},{('female', 'male', '')[i % 3]},text {i}\r\n"


def test_three_hundred_thousand_rows_take_no_more_memory_than_three_thousand(root: Path) -> None:
    peaks = []
    for count in (3_000, 300_000):
        log = Path(f"many-{count}.csv")
        with log.open("w", newline="") as file:
            file.writelines(many(count))
        script = (
            "import resource, sys\nfrom accredit.cli.app import app\n"
            "try:\n    app(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
            "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = (
            "decisions", "record", log, "--model", "loan-default", "--version", "2.0.0", "--favourable", "approved",
            "--period-from", "2026-09-01", "--period-to", f"2026-09-{10 + len(peaks)}",
        )  # fmt: skip
        environment = {"PYTHONPATH": str(Path(accredit.__file__).parents[1])}
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, command)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout.rpartition("peak ")[2]))
    assert manifest(root, "2026-09-01-to-2026-09-11")["records"] == 300_000
    assert peaks[1] < peaks[0] * 1.25 + 4_000 * (1024 if sys.platform == "darwin" else 1)
