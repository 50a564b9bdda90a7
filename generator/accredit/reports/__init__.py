"""Assessment to text that people and machines read."""
