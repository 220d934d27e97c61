"""Who is on duty (值班)."""
