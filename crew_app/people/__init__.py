"""Who works here: sites, people, their roles and trades, and their sign-ins."""
