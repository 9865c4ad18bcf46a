"""The tables of ledgers/README.md, made from the very dictionaries that reading uses.

`python -m tests.formtypes.ledger_dictionary` writes them into the README anew; the test only compares.
"""

from pathlib import Path

from andu.formtypes.beside.ledger_keys import COLUMN_KEYS, LEDGER_KEYS
from andu.formtypes.beside.ledgers import DEADLINE_PARTS, RECORD_WORDS
from tests.formtypes.dictionary import MARK, _keys, _words

README = Path(__file__).parents[2] / "ledgers" / "README.md"


def tables() -> dict[str, str]:
    """Every table of the README by its name."""
    return {
        "ledger": _keys(LEDGER_KEYS),
        "columns": _keys(COLUMN_KEYS),
        "words": _words(RECORD_WORDS, "word of the record")
        + "\n\n"
        + _words(DEADLINE_PARTS, "part of a deadline"),
    }


def renewed(text: str) -> str:
    """The README's text with every table as it should be."""
    made = tables()
    return MARK.sub(
        lambda found: f"<!-- table: {found['name']} -->\n{made[found['name']]}\n<!-- end -->", text
    )


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
