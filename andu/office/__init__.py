"""The acts of an office, on floors of its own (``andu/README.md``): ground, books, acts, a reading desk."""
