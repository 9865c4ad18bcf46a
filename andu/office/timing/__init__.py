"""Being in time, as facts: what is due and until when, which returns are owed, what was chased."""
