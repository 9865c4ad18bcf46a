"""Being in time: what is due and until when, what puts it off, what reminds and chases; periodic returns."""
