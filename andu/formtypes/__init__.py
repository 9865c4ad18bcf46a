"""Form types: what a form asks, read from YAML and turned into web forms, values and samples.

Imported by papers, office, views and the command line. Pure: no flask request, no database, no disk beyond
reading the YAML files; the people, units and records it needs come through `directory.Directory`.
"""
