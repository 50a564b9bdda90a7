"""What `accredit init` and `accredit new` write: templates as data, filled in and written without overwriting."""
