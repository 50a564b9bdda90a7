"""Stored objects as they are: read, hashed and compared with what the registry says. Nothing is ever changed."""
