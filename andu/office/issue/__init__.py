"""Issuing: a paper filled and tried out, its number, its filing; and the voiding of a number."""
