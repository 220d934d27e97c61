"""Photos as evidence: announced by fingerprint, checked on arrival, kept bit for bit."""
