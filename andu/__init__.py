"""Andu 案牍: forms become signed, numbered, filed official papers. The floors are described in andu/README.md."""
