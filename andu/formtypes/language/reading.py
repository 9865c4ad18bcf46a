"""Reading a form file: bytes in, a form type out, or every fault of the file at once.

Called by `catalogue` and, for editions kept in the store, by office. Nothing in a file is ever run.
"""

import hashlib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from andu.disk import why_not
from andu.formtypes.definition import FormType
from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.language.crosschecks import checked
from andu.formtypes.language.keys.formkeys import FORM_KEYS
from andu.formtypes.language.readers import KEY, Findings, read_mapping
from andu.formtypes.language.text import yamltext
from andu.formtypes.language.text.yamlwords import NotText, decoded

LANGUAGE = 1
"""The edition of the form language that is written today. An edition of a form says in which it is written,
and stays readable: whoever changes the meaning of a key counts up, and keeps reading the old one."""

LISTS = (
    *("filled_by", "record_title", "share_with", "reports_to", "next"),
    *("sections", "rules", "deadlines", "duplicates"),
)
NONE_IF_LEFT_OUT = ("urgent", "expected", "missing_returns")


def read_form(path: Path, series: Collection[str] | None = None) -> FormType:
    """The form type of a YAML file; its slug is the file's name.

    `series`: the keys of the office's number series; None does not check them. Raises FormFaults.
    """
    try:
        text = decoded(path.read_bytes())
    except (OSError, NotText) as error:
        raise FormFaults([unreadable(path, error)]) from error
    return read_text(text, path.stem, path.name, series)


def unreadable(path: Path, error: OSError | NotText) -> Fault:
    """Why a file could not be read, as a fault of it."""
    if isinstance(error, NotText):
        return Fault(path.name, error.line, "-", str(error))
    return Fault(path.name, 1, "-", _("打不开：%(why)s", why=why_not(error)))


def read_text(
    text: str, slug: str, file: str | None = None, series: Collection[str] | None = None
) -> FormType:
    """The form type of a YAML text, such as an edition from the store; raises FormFaults."""
    return _read(text, slug, file or f"{slug}.yaml", None if series is None else tuple(series))


# Old editions are asked for with every record that was filled in them.
@lru_cache(maxsize=128)
def _read(text: str, slug: str, file: str, series: tuple[str, ...] | None) -> FormType:
    findings = Findings(file)
    if not KEY.fullmatch(slug):
        findings.add("", _("文件名应当只含小写字母、数字和下划线：%(slug)s", slug=slug), line=1)
    root = yamltext.compose(text, findings)
    if root is None:
        raise FormFaults(findings.faults)
    values = read_mapping(root, FORM_KEYS, "", findings)
    for name, key in FORM_KEYS.items():
        if values[name] is None:
            values[name] = key.default if key.default is not None or name in NONE_IF_LEFT_OUT else ""
    for name in LISTS:
        values[name] = tuple(values[name] or ())
    form = FormType(
        slug=slug,
        version=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        source=text,
        **values,
    )
    form = checked(form, series, findings)
    yamltext.hint(text, findings)
    if findings.faults:
        raise FormFaults(findings.faults, form)
    return form
