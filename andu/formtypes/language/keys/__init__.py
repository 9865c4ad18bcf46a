"""The dictionary of the form language: every key of a form file, what it means and how it is read."""
