"""All files of a folder beside the form types, with what was published over them, read one by one.

Called by ``ledger_reading`` and ``figure_reading``: a text that is wrong is left out, the others are not.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.language.reading import unreadable
from andu.formtypes.language.text.yamlwords import NotText, decoded

T = TypeVar("T")
NONE: Mapping[str, str] = {}


def read_all(
    folder: Path, made: Mapping[str, str], kept: Mapping[str, str], read: Callable[[str, str], T]
) -> tuple[list[T], list[Fault]]:
    """What could be read, by slug, and every fault of the rest; a folder may be missing.

    ``made``: slug to the text published in place of a file, '' where it was withdrawn. ``kept``: slug to the
    last good text, which stands in for one that is wrong now. ``read`` takes text and slug.
    """
    found: list[T] = []
    faults: list[Fault] = []
    paths = {path.stem: path for path in folder.glob("*.yaml")}
    for slug in sorted({*paths, *made}):
        if made.get(slug) == "":
            continue
        try:
            text = made[slug] if slug in made else decoded(paths[slug].read_bytes())
            found.append(read(text, slug))
            continue
        except (OSError, NotText) as error:
            faults.append(unreadable(paths[slug], error))
        except FormFaults as error:
            faults.extend(error.faults)
        with suppress(FormFaults, KeyError):
            found.append(read(kept[slug], slug))
    return found, faults
