"""Reads a command line as the program would, without running it."""

from __future__ import annotations

from typing import Any

import typer

from accredit.cli.app import app


def parse(*words: str) -> None:
    """Takes the words after `accredit`; raises its usage error where a command or an option does not exist."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("accredit", list(words))
    while hasattr(command, "commands") and (left := [*context._protected_args, *context.args]):
        name, command, rest = command.resolve_command(context, left)
        context = command.make_context(name, rest, parent=context)
