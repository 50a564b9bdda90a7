"""What differs between any two versions of any models: one reading of a version, and one comparison of two readings."""
