"""Signing: who signs what when, on the screen or in ink, and who stands in for whom."""
