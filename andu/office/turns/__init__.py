"""Whose turn it is: the slots of signatures, the people who can sign them now, and who stands in for whom."""
