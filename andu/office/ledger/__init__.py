"""Ledgers as they are read: the words searched for, rows found, pages, a month. Nothing is written."""
