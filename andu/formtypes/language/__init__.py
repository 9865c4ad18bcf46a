"""The form language: read (`reading`, `catalogue`), written (`writing`), checked (`crosschecks`).

The words it has are in `keys`, the rules between fields in `rules`, the YAML under it all in `text`.
"""
