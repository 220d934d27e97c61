"""Tickets (工单): one piece of work, from report to verified."""
