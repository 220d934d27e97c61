"""Which profile of security applies to the installation whose database is asked."""

from crew_app.core.db import session
from crew_app.profiles import STANDARD, Profile

OPTION = "crew_profile"
"""The engine's execution option that holds it: each application has an engine of its own."""


def profile() -> Profile:
    """What applies here."""
    found: Profile = session.get_bind().get_execution_options().get(OPTION, STANDARD)
    return found
