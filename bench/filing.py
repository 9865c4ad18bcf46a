"""``python -m bench.filing``: papers filed by the office against the merge of document-merge-service.

The yardstick is what that service does for one request, as its documentation describes it:
``DocxTemplate(path).render(context, autoescape=True)``, ``.save()``, and one cold
``soffice --headless --convert-to pdf``, here on a profile that exists already. It numbers, signs, checks and
keeps nothing. Ours is the whole act, from the click to the filed paper: *unsigned*, a form without signatures
is handed in (judged, printed, looked through, numbered, filed); *signed*, the last signature of another
(password, signature, the same). Both print the same paper with the same answers, in turns within one run.
Once with one person at work, and once with four at the same time: four threads on as many LibreOffices as the
service keeps, against four merges at the same time, each with a profile of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment

from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values
from andu.formtypes.language.reading import read_text
from andu.office import editions, founding, records
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, submitting
from andu.papers.drawing.drafting import draft_paper
from andu.papers.pdf.fonts import write_configuration
from andu.papers.template.filters import FILTERS
from andu.papers.template.qr import PICTURES
from andu.security import accounts, passwords
from andu.security.accounts import Account
from andu.settings import Settings
from bench.pdf import cold

PAIRS = 5
AT_ONCE = ("zhangsan", "zhengshier", "qianyi", "weishiwu")
"""Clerks of four units."""
ROUNDS = 3
PASSWORD = "andu-shili-2026"  # noqa: S105 - of the sample office
TARGETS = {"unsigned": 15.0, "signed": 5.0}
FIELDS = """
title: {title}
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {{key: subject, kind: text, label: 事由, required: true, max_length: 60, example: 领取资料}}
      - {{key: place, kind: text, label: 地点, max_length: 60, example: 示例一村}}
      - {{key: on, kind: date, label: 日期}}
      - {{key: note, kind: longtext, label: 说明, max_length: 600, example: 按通知要求逐项落实，及时反馈。}}
"""
SLOTS = """
signatures:
  slots:
    - {key: clerk, label: 经办人, roles: [clerk], author: true}
"""


def founded(folder: Path) -> Office:
    """The sample office with the two forms and a LibreOffice of its own."""
    forms, papers = folder / "forms", folder / "papers"
    forms.mkdir()
    papers.mkdir()
    (papers / "words.txt").write_text("", "utf-8")
    for slug, text in {
        "unsigned": FIELDS.format(title="登记单"),
        "signed": FIELDS.format(title="领取单") + SLOTS,
    }.items():
        (forms / f"{slug}.yaml").write_text(text, "utf-8")
        (papers / f"{slug}.docx").write_bytes(draft_paper(read_text(text, slug)))
    settings = Settings(
        instance=folder / "instance", forms=forms, templates=papers, ledgers=folder / "ledgers",
        figures=folder / "figures", workers=1,
    )  # fmt: skip
    founding.prepare_folder(settings, example=True)
    lines = settings.office_file.read_text("utf-8").splitlines()
    settings.office_file.write_text(
        "\n".join(one for one in lines if not one.startswith("signature_rules:")), "utf-8"
    )
    office = Office.open(settings)
    founding.load_people(office)
    editions.publish(office)
    return office


def handed_in(office: Office, slug: str, said: str, who: str) -> tuple[float, Account, Record]:
    """The moment at which a form was handed in, by whom, and what came of it."""
    (actor,) = (one for one in accounts.all(office.store) if one.username == who)
    form_type = editions.current(office, slug).form_type
    values = {**samples.sample(form_type, OfficeDirectory(office, actor)), "note": said}
    raw = raw_from_values(form_type, values)
    draft = drafts.start(office, actor, slug, raw)
    begin = time.perf_counter()
    return begin, actor, submitting.submit(office, actor, draft.id, raw, draft.revision)


def filed(office: Office, slug: str, said: str, who: str = AT_ONCE[0]) -> tuple[float, str]:
    """Seconds of the last act of one paper, and its record."""
    begin, actor, record = handed_in(office, slug, said, who)
    if slug == "signed":
        begin = time.perf_counter()
        signatures.sign(office, actor, record.id, "clerk", 1, "同意", PASSWORD, {}, "127.0.0.1")
    seconds = time.perf_counter() - begin
    if records.find(office, record.id).state != "filed":
        raise SystemExit(f"the {slug} paper was not filed")
    return seconds, record.id


def environment_of_docxtpl() -> Environment:
    """An ordinary one, with the filters that our papers use."""
    environment = Environment(autoescape=True)
    environment.filters |= FILTERS
    return environment


def merged(office: Office, record_id: str, home: Path, environment: dict[str, str]) -> float:
    """Seconds of the yardstick for the paper of this record."""
    (row,) = office.store.rows_where("register", "record_id = ?", [record_id])
    template, context = home / "template.docx", json.loads(row["snapshot"]) | {PICTURES: {}}
    template.write_bytes(office.files.get(row["template_sha"]))
    begin = time.perf_counter()
    document = DocxTemplate(template)
    document.render(context, environment_of_docxtpl(), autoescape=True)
    document.save(home / "merged.docx")
    cold(home / "merged.docx", home, environment)
    seconds = time.perf_counter() - begin
    if not (home / "merged.pdf").exists():
        raise SystemExit("the cold command has made no PDF")
    return seconds


def together(act: Callable[[int, int], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Papers a minute with everybody at work at once, and the median of the seconds that each waits.

    ``act`` is given the person and the round, from 0, and says how long it took.
    """
    with ThreadPoolExecutor(len(AT_ONCE)) as people:
        begin = time.perf_counter()
        each = list(people.map(lambda who: [act(who, n) for n in range(rounds)], range(len(AT_ONCE))))
        minutes = (time.perf_counter() - begin) / 60
    return len(AT_ONCE) * rounds / minutes, statistics.median(one for found in each for one in found)


def four_at_work(office: Office, slug: str, home: Path, environment: dict[str, str]) -> None:
    """Print how many papers a minute four people file, and how many merges are made at the same time."""
    _seconds, known = filed(office, slug, "样张")
    homes = [home / f"person{who}" for who in range(len(AT_ONCE))]
    for one in homes:
        one.mkdir(exist_ok=True)

    def ours(who: int, n: int) -> float:
        return filed(office, slug, f"第{n}份，第{who}人。", AT_ONCE[who])[0]

    def theirs(who: int, _n: int) -> float:
        return merged(office, known, homes[who], environment | {"HOME": str(homes[who])})

    together(ours, 1)  # every LibreOffice is started, every profile made
    together(theirs, 2)
    (many, waited), (few, merging) = together(ours), together(theirs)
    print(f"  {slug:<9} {many:6.0f} ({waited:.2f} s)   merge {few:4.0f} ({merging:.2f} s)")
    print(f"  {'':<9} {many / few:.1f} times")


def main() -> int:
    """Measure and print; 1 where a target is missed."""
    passwords.choose(passwords.QUICK)  # who waits for Argon2 waits the same in every system
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {"PATH": os.defpath, "HOME": folder, "LC_ALL": "C.UTF-8"}
        environment["FONTCONFIG_FILE"] = str(write_configuration(Settings().fonts, home))
        for _warming in range(2):  # a fresh profile asks to be started again
            cold(home / "none.docx", home, environment)
        office = founded(home)
        print(f"papers a minute, one person at work, {PAIRS} pairs on {len(os.sched_getaffinity(0))} cores")
        for slug, target in TARGETS.items():
            filed(office, slug, "先开机")
            pairs = []
            for number in range(PAIRS):
                ours, record_id = filed(office, slug, f"第{number}份。")
                pairs.append((merged(office, record_id, home, environment), ours))
            ratio = statistics.median(theirs / ours for theirs, ours in pairs)
            theirs, ours = (statistics.median(one) for one in zip(*pairs, strict=True))
            print(f"  {slug:<9} {60 / ours:6.0f} ({ours:.2f} s)   merge {60 / theirs:4.0f} ({theirs:.2f} s)")
            print(f"  {'':<9} {ratio:.1f} times")
            missed += ratio < target
        print(f"the same, {len(AT_ONCE)} people at work at once; in brackets what each waits")
        for slug in TARGETS:
            four_at_work(office, slug, home, environment)
        office.store.close()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
