"""Handing over: what hangs on a person who leaves, moves or loses a role, and who takes each of it over."""
