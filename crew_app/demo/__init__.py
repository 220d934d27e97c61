"""A made-up hospital to try everything on: places, people, stock and a year of work."""
