"""The application service that writes sign-offs, and says what is still missing for a move."""
