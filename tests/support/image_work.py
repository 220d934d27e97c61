"""Image work in the test's own process, for what a test puts in the place of a function: the real one is a process."""

from crew_app.evidence import darkroom


class Here:
    """Does what the darkroom does, at once."""

    def develop(self, call, *, patient=False):
        work, args, kwargs = call
        return work(*args, **kwargs)


def done_here(monkeypatch):
    """From now on, in this test."""
    monkeypatch.setattr(darkroom, "_room", Here())
