"""The block that somebody pastes into a report when the program itself fails."""

from __future__ import annotations

import platform
import sys
import traceback

from accredit.reports.plain import one_line
from accredit.reports.tool import VERSION


def bug_report(error: Exception) -> str:
    """Version, Python, platform and traceback, ready to paste."""
    trace = "".join(traceback.format_exception(error)).rstrip().splitlines()
    return "\n".join(
        [
            "This is a bug in accredit, not in your registry. Please report it with everything below this line.",
            "",
            "```",
            f"accredit {VERSION}",
            f"python {platform.python_version()} ({sys.implementation.name})",
            f"platform {platform.platform()}",
            "",
            *map(one_line, trace),
            "```",
        ]
    )
