"""Assessment to pages."""
