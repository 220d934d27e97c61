"""Lists that a hospital brings along: read, checked, taken in as a whole."""
