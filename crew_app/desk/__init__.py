"""The service desk: dispatch, escalation, and who hears of what."""
