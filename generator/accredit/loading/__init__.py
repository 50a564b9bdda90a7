"""Bytes to values: strict YAML, schemas and the folder tree."""
