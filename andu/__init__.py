"""Andu 案牍: forms become signed, numbered, filed official papers. andu/README.md describes the floors."""
