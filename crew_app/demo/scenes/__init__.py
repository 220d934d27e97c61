"""Drawn scenes for sample photos: each function paints one thing, broken or repaired, onto a sheet."""
