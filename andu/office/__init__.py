"""The acts of the office: drafts, records, signatures, numbers, papers and the register."""
