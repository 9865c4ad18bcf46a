"""The living example, a matter of each way: each comes to its right end, and every figure is their sum.

Played by the same acts as the screens use; then read on the screens, and added up here case by case.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from andu.cli import staging
from andu.clock import FixedClock, midnight, office_day
from andu.formtypes.kinds.period import bounds, period_of
from andu.office import editions, records
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.security import audit, bindings
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

SCRIPT = Path(__file__).parents[2] / "offices" / "demo.yaml"
OUTCOMES = {
    "both": "进入法律程序办结",
    "in_law": "进入法律程序办结",
    "umbrella": "进入法律程序办结",
    "proven": "已处理完毕",
    "recused": "已处理完毕",
    "consulted": "已处理完毕",
    "denied": "不属实",
    "rechecked": "不属实",
    "anonymous": "无法查证",
    "not_crime": "按信访事项办结",
    "petition_done": "按信访事项办结",
    "petition_county": "按信访事项办结",
    "overdue": "",
    "handed_over_late": "",
    "voided": "",
}
"""What came of the first matter of each of these ways; nothing: it is still under way, or was voided."""
BESIDE = ("return", "meeting", "inspected", "accountable", "circular", "pledge", "borrow", "seal", "incoming")
VILLAGES = {"示例一村": "cun1", "示例二村": "cun2"}
Row = dict[str, Any]


def played(office: Office, clock: FixedClock) -> list[staging.ScriptedMatter]:
    """A matter of each way, and what runs beside them."""
    whole = staging.read_script(SCRIPT)
    first: dict[str, staging.ScriptedMatter] = {}
    for one in whole.matters:
        first.setdefault(one.way, one)
    matters = [first[way] for way in OUTCOMES] + [one for one in whole.matters if one.way in BESIDE]
    for _step in staging.play(office, replace(whole, matters=matters), clock, clock.now()):
        pass
    return matters


class Counted:
    """The office as it stands after the last day, and its figures."""

    def __init__(self, office: Office, leader: Visitor, since: date, until: date) -> None:
        self.office, self.leader, self.since, self.until = office, leader, since, until
        self.clues = [one for one in self._of("clue_registration") if one["state"] == "filed"]

    def _of(self, form: str) -> list[Row]:
        rows = self.office.store.query(
            "SELECT record.id, record.state, register.numbered_at, record.unit_id FROM record"
            " JOIN register ON register.record_id = record.id WHERE record.form = ?",
            [form],
        )
        return [row | {"values": records.find(self.office, row["id"]).values} for row in rows]

    def count(self, form: str) -> int:
        return sum(one["state"] == "filed" for one in self._of(form))

    def page(self, sheet: str) -> html.HtmlElement:
        self.leader.get(f"/figures?sheet={sheet}&span=days&since={self.since}&until={self.until}")
        return self.leader.page

    def kept(self, key: str = "", unit: str = "") -> Counter[str]:
        """How the deadlines of this key, of this unit, were kept: each looked at by itself."""
        found: Counter[str] = Counter()
        rows = self.office.store.query(
            "SELECT deadline.* FROM deadline JOIN record ON record.id = deadline.record_id"
            " WHERE record.state <> 'voided'"
        )
        now = self.office.clock.now()
        for row in rows:
            due = datetime.fromisoformat(row["due"])
            in_span = self.since <= office_day(due) <= self.until
            if not in_span or key not in ("", row["key"]) or unit not in ("", row["unit_id"]):
                continue
            if row["met_at"]:
                found["in_time" if row["met_at"] <= row["due"] else "late"] += 1
            elif due < (datetime.fromisoformat(row["lapsed_at"]) if row["lapsed_at"] else now):
                found["open"] += 1
        return found

    def returned(self, form: str, every: str, unit: str) -> Counter[str]:
        """The same of a return: each period of the span that is over."""
        found: Counter[str] = Counter()
        period = period_of(self.since, every)
        while bounds(period)[1] < self.until:
            last = bounds(period)[1]
            end = midnight(last + timedelta(days=1))
            made = [
                one["numbered_at"]
                for one in self._of(form)
                if one["unit_id"] == unit and self._period(one["values"], every) == period
            ]
            if every == "month":  # what is about a day was in time whenever it is written down
                found["in_time" if made else "open"] += 1
            else:
                found["open" if not made else "in_time" if min(made) < end else "late"] += 1
            period = period_of(last + timedelta(days=1), every)
        return found

    @staticmethod
    def _period(values: Row, every: str) -> str:
        held = values.get("held_at")
        return period_of(date.fromisoformat(str(held)[:10]), every) if held else str(values.get("period"))


def told(page: html.HtmlElement) -> dict[str, str]:
    """The numbers at the top: label to what is said below it, or the number itself."""
    items = page.xpath("//ul[@class = 'told']/li")
    found = {}
    for one in items:
        small = one.find("small").text_content().strip()
        label = one.findtext("span")
        found[label] = small.partition("；")[0] if "应办" in small else one.findtext("strong").strip()
    return found


def table(page: html.HtmlElement, label: str) -> dict[str, list[str]]:
    """The numbers of a chart, by the text of its rows."""
    rows = page.xpath(f"//section[h2 = '{label}']//tbody/tr")
    return {row.findtext("th"): [cell.text for cell in row.iterfind("td")] for row in rows}


def shown(counts: Counter[str]) -> dict[str, int]:
    return {text: n for text, n in counts.items() if n}


def fraction(counts: Counter[str]) -> str:
    return f"{counts['in_time']}/{sum(counts.values())}" if sum(counts.values()) else "—"


@pytest.mark.usefixtures("app")
def test_every_matter_comes_to_its_right_end_and_each_figure_is_their_sum(
    office: Office, clock: FixedClock, signed_in: SignedIn
) -> None:
    editions.publish(office)
    since = office_day(clock.now())
    matters = {one.words.get("place", ""): one for one in played(office, clock)}
    last = since + timedelta(days=staging.read_script(SCRIPT).days)
    assert clock.now() < datetime.combine(last, datetime.min.time(), clock.now().tzinfo) - timedelta(hours=8)
    leader = signed_in("sunqi")
    here = Counted(office, leader, since, office_day(clock.now()))

    # --- each case, as its page says
    closed, outcomes = 0, Counter[str]()
    for clue in here.clues:
        matter = matters[clue["values"]["place"]]
        leader.get(f"/cases/{clue['id']}")
        expected = OUTCOMES[matter.way]
        assert ("现在 已办结" in leader.text()) is bool(expected), f"{matter.way}: {leader.text()[:200]}"
        closed += bool(expected)
        outcomes[expected or "在办"] += 1
    assert len(here.clues) == len(OUTCOMES) - 1, "all but the voided one"

    # --- 线索办理情况
    page = here.page("campaign")
    numbers = told(page)
    assert numbers["登记线索"] == str(len(here.clues)) and numbers["办结线索"] == str(closed)
    for label, key in (("当日移交", "handover"), ("24小时呈阅", "review")):
        kept = here.kept(key)
        assert numbers[label] == f"应办 {sum(kept.values())}，按期 {kept['in_time']}", label
    missing = sum(
        (here.returned("halfmonthly_return", "half_month", one) for one in VILLAGES.values()), Counter()
    )
    months = here.returned("meeting_minutes", "month", "shb")
    assert numbers["超期未办"] == str(here.kept()["open"] + missing["open"] + months["open"])
    by = {
        "按来源": Counter(clue["values"]["source"] for clue in here.clues),
        "按行业领域": Counter(clue["values"]["sector"] for clue in here.clues),
        "按类型": Counter(clue["values"]["clue_type"] for clue in here.clues),
        "按结果": outcomes,
        "按单位": Counter(office.store.get("unit", clue["unit_id"])["name"] for clue in here.clues),
    }
    for label, counts in by.items():
        drawn = {text: int(cells[0]) for text, cells in table(page, label).items() if int(cells[0])}
        assert drawn == shown(counts), label
    assert sum(int(cells[0]) for cells in table(page, "每周登记").values()) == len(here.clues)

    # --- 各单位按期情况, and 平安建设考核情况 with a line for each unit
    every = {row["id"]: row["name"] for row in office.store.rows_where("unit")}
    timely = table(page, "各单位按期情况")
    assessed = here.page("assessment")
    top, lines = told(assessed), table(assessed, "各村、各单位考核情况")
    whole = Counter[str]()
    for unit, name in every.items():
        kept, returned = here.kept("", unit), Counter[str]()
        if name in VILLAGES:
            returned = here.returned("halfmonthly_return", "half_month", unit)
            whole += returned
        met = kept + returned + (months if unit == "shb" else Counter())
        parts = [met["in_time"], met["late"], met["open"]]
        assert [int(cell) for cell in timely.get(name, ["0"] * 3)[:3]] == parts, name
        registered = sum(clue["unit_id"] == unit for clue in here.clues)
        keys = ("handover", "handling", "", "decision", "reply", "rectify", "rectification", "mended")
        cells = [str(registered), *(fraction(here.kept(key, unit)) if key else "" for key in keys)]
        cells[3] = fraction(returned)
        assert lines[name] == cells, name
    assert top["登记线索"] == str(len(here.clues))
    assert top["每月两报"] == f"应办 {sum(whole.values())}，按期 {whole['in_time']}"
    assert top["每月联席会议"] == f"应办 {sum(months.values())}，按期 {months['in_time']}"
    assert top["督导检查"] == str(here.count("inspection_record"))
    assert top["责任追究"] == str(here.count("accountability_referral"))

    # --- and the books are sound
    assert not reconcile.check(office)
    assert not audit.verify(office.store) and not bindings.problems(office.store)
