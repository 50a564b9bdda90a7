"""The machine face of the site: static JSON files with a schema each, versioned, from the same values as the pages."""
