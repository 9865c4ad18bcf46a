"""What is wrong with a design before it may be published: form, paper, both together, and with the rest.

The same examination that every paper passes (``papers.checks.examination``), in words for whoever made it. A
verdict is of one design as it is now, beside what is in force now; it is kept in this process until either
changes. Never within a write.
"""

from __future__ import annotations

import difflib
import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.directory import NoDirectory
from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.filling import samples
from andu.formtypes.language import writing
from andu.formtypes.language.reading import read_text
from andu.office import editions, sources
from andu.office.editions import Edition
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.published import LEDGERS
from andu.office.shelf import designs, ledger_columns
from andu.office.shelf.designs import Design
from andu.papers.checks.contract import ERROR
from andu.papers.checks.examination import Paper, examined, received
from andu.papers.checks.rehearsal import Sample, context_of
from andu.papers.template import compile_template
from andu.security.accounts import Account
from andu.security.permissions import require

FORM, PAPER, REST = "form", "paper", "rest"
KEPT = 16


@dataclass(frozen=True)
class Remark:
    """Something to be said of a design: what it is about, how grave, in words, and where.

    ``anchor``: the key of the field it is about, where there is one.
    """

    about: str
    severity: str
    message: str
    where: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check found. ``edition`` and ``docx`` are what would come into force, where nothing is red."""

    remarks: tuple[Remark, ...]
    edition: Edition | None = None
    docx: bytes = b""

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return self.edition is not None and all(one.severity != ERROR for one in self.remarks)

    def of(self, about: str) -> list[Remark]:
        """What is said of the form, of its paper, or of the rest."""
        return [one for one in self.remarks if one.about == about]


_verdicts: OrderedDict[tuple[str, str, int], Verdict] = OrderedDict()


def form_type_of(office: Office, design: Design) -> FormType:
    """The form type a design would be; raises ``FormFaults``."""
    return read_text(design.yaml, design.slug, series=set(office.config.series))


def faults_of(office: Office, design: Design) -> list[Fault]:
    """What is wrong with its form file by itself: quick, for every page of the design."""
    try:
        form_type_of(office, design)
    except FormFaults as faults:
        return sorted(faults.faults)
    return []


def check(office: Office, actor: Account, design: Design) -> Verdict:
    """Everything that is wrong with a design; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    office.store.require_no_write("checking a design")
    said = design.yaml + designs.as_text(design.ledgers)
    key = (hashlib.sha256(said.encode()).hexdigest(), design.paper_sha, office.published.generation)
    if key not in _verdicts:
        verdict, is_proven = _judged(office, design)
        if not is_proven:
            return verdict
        _verdicts[key] = verdict
        while len(_verdicts) > KEPT:
            _verdicts.popitem(last=False)
    return _verdicts[key]


def _judged(office: Office, design: Design) -> tuple[Verdict, bool]:
    """The verdict, and whether it would be the same in a minute."""
    try:
        form_type = form_type_of(office, design)
    except FormFaults as faults:
        return Verdict(tuple(_of_form(design, one) for one in sorted(faults.faults))), True
    rest = [Remark(REST, ERROR, one) for one in _with_the_rest(office, design)]
    if not design.paper_sha:
        missing = Remark(PAPER, ERROR, _("还没有公文模板。"))
        return Verdict((*rest, missing)), True
    came = received(office.files.get(design.paper_sha))
    (paper,) = examined([(form_type, came)], office.many)
    said = [Remark(PAPER, one.severity, one.message, one.where) for one in paper.findings]
    edition = _edition(form_type, paper)
    return Verdict((*rest, *said), edition, paper.docx), paper.is_proven


def _edition(form_type: FormType, paper: Paper) -> Edition:
    template_sha = hashlib.sha256(paper.docx).hexdigest()
    return Edition(editions.id_of(form_type, template_sha), form_type, template_sha)


def _of_form(design: Design, fault: Fault) -> Remark:
    return Remark(FORM, ERROR, fault.message, fault.key, _field_at(design, fault.line))


def _field_at(design: Design, line: int) -> str:
    """The key of the field that begins last before a line of the form file."""
    found = ""
    for text in design.yaml.splitlines()[:line]:
        name, _colon, value = text.strip().removeprefix("- ").partition(": ")
        found = value if name == "key" else found
    return found


def _with_the_rest(office: Office, design: Design) -> list[str]:
    made = office.published.with_form(design.slug, "", design.yaml)
    try:
        for slug, text in ledger_columns.texts(office, design).items():
            made = made.with_setting(LEDGERS + slug, text)
    except Refused as refusal:
        return [refusal.message]
    return sources.would_break(office.settings, office.store, made)


# --- what changes, and how it will look -----------------------------------------------------------


def changes(office: Office, design: Design) -> Iterator[str]:
    """The lines of its form file that differ from the edition in force, each with + or -; none if new."""
    was = in_force(office, design.slug)
    if was is not None:
        before = writing.written(writing.tree(was.form_type.source)).splitlines()
        lines = difflib.unified_diff(before, design.yaml.splitlines(), lineterm="", n=1)
        yield from (line for line in lines if not line.startswith(("---", "+++", "@@")))


def in_force(office: Office, slug: str) -> Edition | None:
    """The edition of a form type that people fill now, if there is one."""
    return editions.standing(office, slug).edition if office.catalogue.get(slug) else None


def drafts_of(office: Office, slug: str, most: int = 200) -> int:
    """How many drafts will move to a new edition, counted up to ``most``."""
    rows = office.store.query("SELECT id FROM draft WHERE form = ? LIMIT ?", [slug, most])
    return len(rows)


def hanging_on(office: Office, slug: str, most: int = 200) -> list[str]:
    """What hangs on a form type that is in force: what it would leave behind if it were withdrawn."""
    under_way = (
        "SELECT id FROM record WHERE form = ? AND state IN ('signing', 'returned', 'complete') LIMIT ?"
    )
    drafts, papers = drafts_of(office, slug, most), len(office.store.query(under_way, [slug, most]))
    others = [one for one in office.catalogue if one.slug != slug]
    offering = [one.title for one in others if any(step.form == slug for step in one.next)]
    waiting = [
        one.title for one in others for due in one.deadlines if any(by.form == slug for by in due.met_by)
    ]
    this = office.catalogue.get(slug)
    found = [
        (drafts, _("%(n)s 份没交的草稿：停用后交不了。", n=drafts)),
        (papers, _("%(n)s 份在办的材料：照旧签字、修改、编号。", n=papers)),
        (offering, _("这些表单接着办它：%(titles)s。", titles="、".join(dict.fromkeys(offering)))),
        (waiting, _("这些表单的期限靠它了结：%(titles)s。", titles="、".join(dict.fromkeys(waiting)))),
        (this and this.expected, _("各单位按期要报它：停用后没有地方报。")),
    ]
    return [said for there, said in found if there]


def sample(office: Office, actor: Account, design: Design, worst: bool = False) -> bytes:
    """The PDF of its paper with a sample of its form, or with the longest; no number, no record.

    Raises ``NotAllowed``, ``Refused`` while form and paper do not agree.
    """
    edition, docx = agreed(office, actor, design)
    answers = samples.sample(edition.form_type, NoDirectory(), worst=worst)
    filled = compile_template(docx).fill(context_of(edition.form_type, Sample("", answers)))
    pdf: bytes = office.to_pdf(filled, asked_by=actor.id)
    return pdf


def agreed(office: Office, actor: Account, design: Design) -> tuple[Edition, bytes]:
    """What would come into force, and its docx, once form and paper agree; raises as ``sample``."""
    verdict = check(office, actor, design)
    if verdict.edition is None or any(one.severity == ERROR for one in verdict.of(PAPER)):
        raise Refused(_("先改好检查里标红的地方，才能试印。"))
    return verdict.edition, verdict.docx
