"""Rounds, patrols, plant logs, planned maintenance: templates of stops with checks, dated runs, visits."""
