"""Model governance from a git repository: who approved which model, on what evidence."""

from __future__ import annotations

from accredit.assess import Assessment, assess
from accredit.domain.registry import Registry
from accredit.findings import Finding, Location, Severity
from accredit.loading.folder import Folder
from accredit.loading.tree import Loaded, load

__all__ = ["Assessment", "Finding", "Folder", "Loaded", "Location", "Registry", "Severity", "assess", "load"]
