"""Writing: from a draft, with what is known carried over, to a record handed in."""
