"""Other systems: tokens, webhooks, calendars."""
