"""`accredit demo`: a registry with two years of history to try everything out on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.console import say

_NEXT = """
Next:
  cd {folder}
  git log --oneline --reverse            # the story, landing by landing
  accredit verify                        # every sign-off is proved from the history
  accredit status                        # what is in which stage, and who is awaited
  accredit history credit-risk-predictor
  accredit audit --as-of 2026-06-20      # what was in production then, and whether it was allowed
  accredit build --as-of {day}      # the site, in site/"""


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Where it goes: empty, or not there yet.")
    ],
) -> None:
    """Write a made-up registry with two years of signed history, to try everything out on."""
    from accredit.demo.past import END  # noqa: PLC0415 - loads cryptography
    from accredit.demo.write import write_demo  # noqa: PLC0415

    landings = write_demo(folder)
    say(f"{landings} commits in {folder}. Its people are made up, and everybody has their keys: it proves nothing.")
    say(_NEXT.format(folder=folder, day=END.date()))
