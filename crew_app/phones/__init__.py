"""Phones: which there are, what they still hold, and those that several people share."""
