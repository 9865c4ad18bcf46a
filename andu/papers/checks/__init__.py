"""What is held against a paper: its file, its form, its samples, its filled text, its layout on the page."""
