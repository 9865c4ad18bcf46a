"""YAML under the form language: text into nodes that know their lines, and its faults in a clerk's words."""
