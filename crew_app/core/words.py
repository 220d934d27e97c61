"""Marks texts of domain code for translation; the web layer translates them when they are shown."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Return the English text unchanged; extraction finds it here, translation happens at the edge."""
    return text
