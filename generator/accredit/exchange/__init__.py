"""Importers and exporters, found by entry points."""
