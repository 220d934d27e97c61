"""Materials: an append-only, double-entry ledger between accounts."""
