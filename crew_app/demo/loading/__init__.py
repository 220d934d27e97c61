"""From the records of the demo hospital to the rows of the database."""
