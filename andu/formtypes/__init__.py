"""Form types: what a form asks, read from YAML and turned into web forms, values and samples.

Imported by papers, office, views and the command line. Pure: no flask request, no database, no disk beyond
reading the YAML files; the people, units and records it needs come through `directory.Directory`. The ground
stands here: what a form type is once read, conditions, faults. The rooms are `language` (read, write, check),
`kinds` (of fields), `filling` (a form type in use) and `beside` (ledgers and figures).
"""
