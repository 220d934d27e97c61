"""Carrying (运送): patients, specimens, meals and things from one place to another."""
