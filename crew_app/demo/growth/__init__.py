"""Years of a group of hospitals behind the demo's one year: its rows again and again, at other times and places."""
