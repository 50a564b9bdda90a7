"""Git to facts: the only door to git."""
