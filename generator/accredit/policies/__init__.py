"""The policy in words: what it asks, what it asks of one model, and what a change of it would do."""
