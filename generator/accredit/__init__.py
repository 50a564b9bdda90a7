"""Model governance from a git repository: who approved which model, on what evidence."""
