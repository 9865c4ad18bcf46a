"""Issuing: editions of forms with their papers, a paper filled, its number, its filing, its pictures."""
