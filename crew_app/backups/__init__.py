"""Backups of the database and its photos, consistent with each other, made while the service runs; restoring them."""
