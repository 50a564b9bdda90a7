"""What stops us working. Faults of a registry are findings, not errors."""

from __future__ import annotations


class AccreditError(Exception):
    """We cannot do what was asked. `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotARegistryError(AccreditError):
    """The folder holds no registry."""


class PolicyError(AccreditError):
    """Without a policy that can be read there is nothing to assess against."""


class UsageError(AccreditError):
    """The arguments make no sense together."""


class RenderError(AccreditError):
    """A page or a diagram could not be made."""


class PluginError(AccreditError):
    """An installed plug-in cannot be used."""


class GitError(AccreditError):
    """Git, or the repository, does not allow us to read the history."""
