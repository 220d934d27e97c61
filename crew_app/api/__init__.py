"""The JSON interface for other systems of the hospital, version 1."""
