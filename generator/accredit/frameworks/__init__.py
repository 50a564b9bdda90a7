"""Control catalogues as dated data, and what the records of a registry show about them."""
