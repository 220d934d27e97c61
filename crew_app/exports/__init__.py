"""Lists as files, and everything one has."""
