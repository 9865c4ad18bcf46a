"""A form type as one file: out of this office, and into another as a design, after the same checks.

A package is a zip with ``package.json`` (what it is, in which edition of the form language), ``form.yaml``,
``paper.docx``, ``sample.json`` and ``ledgers.json`` (which fields go to which columns of which ledgers). It
never comes over anything in force: what it changes is shown first.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling import samples
from andu.formtypes.language import writing
from andu.formtypes.language.readers import KEY, Findings
from andu.formtypes.language.reading import LANGUAGE
from andu.formtypes.language.text.yamltext import compose
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.shelf import checking, designs, ledger_columns
from andu.office.shelf.designs import Design
from andu.papers.checks.contract import ERROR
from andu.papers.checks.examination import received
from andu.security.accounts import Account
from andu.security.permissions import require

ABOUT, FORM, PAPER, SAMPLE = "package.json", "form.yaml", "paper.docx", "sample.json"
BOOKS = "ledgers.json"
LARGEST = 10 * 1024 * 1024
_DAY = (1980, 1, 1, 0, 0, 0)
"""So that the same form type is the same file whenever it leaves."""


def packed(office: Office, actor: Account, slug: str) -> bytes:
    """The edition in force of a form type as a package; raises ``NotAllowed``, ``NotFound``."""
    require(actor, designs.ACT)
    edition = checking.in_force(office, slug)
    if edition is None:
        raise NotFound(slug)
    form_type = edition.form_type
    about = {"andu": "form", "language": LANGUAGE, "slug": slug, "title": form_type.title}
    parts = {
        ABOUT: _json(about),
        FORM: writing.written(writing.tree(form_type.source)).encode(),
        PAPER: office.files.get(edition.template_sha),
        SAMPLE: _json(samples.for_anyone(form_type, samples.sample(form_type, NoDirectory()))),
        BOOKS: _json(ledger_columns.packed(office, slug)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def take_in(office: Office, actor: Account, data: bytes) -> Design:
    """A package as a design: a new edition where its form type is known here. ``NotAllowed``, ``Refused``."""
    require(actor, designs.ACT)
    office.store.require_no_write("receiving a package")
    parts = _parts(data)
    about = _about(parts[ABOUT])
    text = _form(parts[FORM])
    wishes = designs.as_text(ledger_columns.received(office, _loaded(parts.get(BOOKS, b"{}"))))
    came = received(parts[PAPER])
    if not came.passed:
        raise Refused("；".join(dict.fromkeys(one.message for one in came.findings if one.severity == ERROR)))
    slug = about["slug"] if office.catalogue.get(about["slug"]) else ""
    if any(one.slug == slug for one in designs.under_way(office, actor)):
        raise Refused(_("这种表单已经有一份草稿在做，请先发布或者丢弃那一份。"))
    now = checking.in_force(office, slug)
    based_on = now.id if now else ""
    sha = office.files.put(came.docx)
    what = {"yaml": text, "paper_sha": sha, "based_on": based_on, "ledgers": wishes}
    return designs.begin(office, actor, about["title"], slug, **what)


def _parts(data: bytes) -> dict[str, bytes]:
    wrong = Refused(_("这不是表单包：表单包是从“导出”得到的 zip 文件。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            sizes = {one.filename: one.file_size for one in package.infolist()}
            if not {ABOUT, FORM, PAPER} <= sizes.keys() or sum(sizes.values()) > LARGEST:
                raise wrong
            return {name: package.read(name) for name in (ABOUT, FORM, PAPER, BOOKS) if name in sizes}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise wrong from error


def _loaded(data: bytes) -> Any:
    """What a part in JSON says; None where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _about(data: bytes) -> dict[str, Any]:
    about = _loaded(data)
    if not isinstance(about, dict) or not isinstance(about.get("language"), int):
        raise Refused(_("表单包里的说明读不出来，请重新导出一份。"))
    if about["language"] > LANGUAGE:
        raise Refused(_("这个表单包是用更新版本的案牍做的，请先升级再导入。"))
    slug, title = str(about.get("slug", "")), str(about.get("title", ""))[:60]
    return {"slug": slug if KEY.fullmatch(slug) else "", "title": title or _("未命名的表")}


def _form(data: bytes) -> str:
    """The form file as it is written here; what is wrong in it is told on the page of the design."""
    findings = Findings(FORM)
    text = data.decode("utf-8", "replace")
    if compose(text, findings) is None or findings.faults:
        raise Refused("；".join(one.message for one in findings.faults[:3]))
    return writing.written(writing.tree(text))


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True).encode()
