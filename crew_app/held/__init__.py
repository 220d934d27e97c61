"""Entries that arrived too late to be simply carried out or refused, and wait for a supervisor."""
