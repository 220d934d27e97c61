"""What every feature stands on: database, time, identifiers, errors. Knows nothing of Flask or of features."""
