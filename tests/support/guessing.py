"""How often one may guess before there is a wait, in the standard profile."""

from datetime import timedelta

from crew_app.profiles import STANDARD

FREE = STANDARD.tries
WAIT = timedelta(minutes=STANDARD.wait_minutes)
