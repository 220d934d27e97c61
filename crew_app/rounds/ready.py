"""Templates that are ready to be used."""

from crew_app.rounds.content import Content


def ready() -> tuple[Content, ...]:
    """All of them."""
    return ()
