"""Reports: filed papers of one office, handed to another as one signed file, by whatever carries files."""
