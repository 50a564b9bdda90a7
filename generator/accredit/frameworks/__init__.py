"""Control catalogues as dated data, and their evaluation."""
