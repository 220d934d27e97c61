"""What a finding of the doctor must have."""

from crew_app.cli.checkup.findings import Health


def named(found, health, *words):
    """One finding has this state and these words, and a step unless all is well."""
    fitting = [
        one for one in found if one.health is health and all(word in f"{one.words} {one.step}" for word in words)
    ]
    assert fitting, found
    assert all(bool(one.step) is (one.health is not Health.OK) for one in found)
