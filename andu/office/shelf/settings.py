"""What the office sets for itself, changed in the browser: its words, number series, campaigns, holidays.

What is changed of a file (``office.yaml``, ``holidays.yaml``) is kept key by key and stands over it; whatever
else the file says still counts. A change after which anything would be wrong is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.language.text.plain import PlainFault, text_of
from andu.formtypes.language.text.yamltext import FAST_LOADER
from andu.office import published, sources
from andu.office.config import OFF
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.shelf import designs, overlays
from andu.office.shelf.overlays import SettingChanged
from andu.papers.blanks.keys import Keys, letters_of
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import may, require

OFFICE, HOLIDAYS = sources.OFFICE, sources.HOLIDAYS
SERIES_PATTERN = "%s-{year}-{n:4}"
UNSAID = "×"
"""What offices/empty.yaml has in place of the 机关代字, which every office has of its own."""


def values(office: Office, name: str) -> dict[Any, Any]:
    """What a file of the office says, with what was changed of it here; a copy, to be changed."""
    return _loaded(office.published.over(name, _file(office, name)))


def change(office: Office, actor: Account, name: str, said: Mapping[Any, Any], note: str = "") -> None:
    """Put these values in force over those of a file; nothing is written where nothing is different.

    Raises ``NotAllowed``, ``Refused`` where they are wrong.
    """
    require(actor, designs.ACT)
    if dict(said) == values(office, name):
        return
    was = office.published.settings.get(name, "")
    own, file = _loaded(was), _loaded(_file(office, name))
    changed = [
        key for key in dict.fromkeys((*file, *own, *said)) if key in own or said.get(key) != file.get(key)
    ]
    now = _written({key: said.get(key) for key in changed})
    overlays.refuse_breaking(office, name, now)
    with office.store.write():
        overlays.put(office, actor, name, was, now, note)


def _file(office: Office, name: str) -> str:
    try:
        return text_of(office.settings.instance / name)
    except PlainFault:
        return ""


def _loaded(text: str) -> dict[Any, Any]:
    found = yaml.load(text, FAST_LOADER)  # noqa: S506 - a safe one
    return found if isinstance(found, dict) else {}


def _written(said: Mapping[Any, Any]) -> str:
    return str(yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=120))


def free_letters(office: Office, title: str) -> str:
    """Capital letters for the numbers of a form type that no other series begins with; '' where none do."""
    taken = {one.pattern for one in office.config.series.values()}
    for most in (4, 5, 6, 7, 8, 3, 2):
        letters = letters_of(title, most)
        if letters and SERIES_PATTERN % letters not in taken:
            return letters
    return ""


def add_series(office: Office, actor: Account, label: str, letters: str) -> str:
    """A new number series, such as 请假编号 with ``QJ``: QJ-2026-0001; its key. Raises as ``change``.

    One of that name and those letters stays what it is: a first try may have made it.
    """
    require(actor, designs.ACT)
    for known, one in office.config.series.items():
        if (one.label, one.pattern) == (label, SERIES_PATTERN % letters):
            return known
    keys = Keys()
    for known in office.config.series:
        keys.take(known)
    key = keys.of(label)
    said = values(office, OFFICE)
    said["series"] = {
        **(said.get("series") or {}),
        key: {"label": label, "pattern": SERIES_PATTERN % letters},
    }
    change(office, actor, OFFICE, said)
    return key


def set_words(office: Office, actor: Account, names: Sequence[str], superior: str) -> None:
    """What the office is called, who issues and who prints its documents; to whom it reports.

    Raises as ``change``.
    """
    said = values(office, OFFICE)
    said.pop("superior", None)
    words = dict(zip(("name", "issuer", "printer"), names, strict=True))
    change(office, actor, OFFICE, said | words | ({"superior": superior} if superior else {}))


def name_series(office: Office, actor: Account, labels: Mapping[str, str]) -> None:
    """What number series are called; their numbers stay as they are written. Raises as ``change``."""
    said = values(office, OFFICE)
    own = {**(said.get("series") or {})}
    for key, label in labels.items():
        known = office.config.series.get(key)
        if known and label and label != known.label:
            own[key] = {"label": label, "pattern": known.pattern}
    change(office, actor, OFFICE, said | ({"series": own} if own else {}))


def set_letters(office: Office, actor: Account, letters: str) -> None:
    """机关代字 in the place that empty.yaml leaves open: ``示`` makes ×发〔2026〕1号 into 示发〔2026〕1号.

    Raises as ``change``, ``Refused`` for what is no word.
    """
    if not letters.isalnum() or UNSAID in letters:
        raise Refused(_("机关代字要写成一两个字，例如“示”，文号就是 示发〔2026〕1号。"))
    said = values(office, OFFICE)
    own = {**(said.get("series") or {})}
    for key in unsaid(office):
        known = office.config.series[key]
        own[key] = {"label": known.label, "pattern": known.pattern.replace(UNSAID, letters)}
    change(office, actor, OFFICE, said | {"series": own})


def unsaid(office: Office) -> list[str]:
    """The series that still wait for the 机关代字 of the office."""
    return [key for key, one in office.config.series.items() if UNSAID in one.pattern]


def set_sign_together(office: Office, actor: Account, most: str) -> None:
    """How many papers are signed under one password; '' for each its own. Raises as ``change``.

    Whether confidential ones may be among them stays as the file says.
    """
    if most and not most.isdecimal():
        raise Refused(_("一次最多几件要写数字，例如 20；空着就是每件都输密码。"))
    said = values(office, OFFICE)
    was = said.pop("sign_together", None) or {}
    change(office, actor, OFFICE, said | ({"sign_together": was | {"most": int(most)}} if most else {}))


def set_campaigns(office: Office, actor: Account, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """The campaigns as (key, name, first day, last day); a new one has no key, one without a name goes.

    Raises as ``change``.
    """
    keys = Keys()
    for key, *_rest in rows:
        keys.take(key)
    found = {
        key or keys.of(label): {"label": label, "since": day(since), "until": day(until)}
        for key, label, since, until in rows
        if label
    }
    said = values(office, OFFICE)
    said.pop("campaigns", None)
    change(office, actor, OFFICE, said | ({"campaigns": found} if found else {}))


def set_rules(office: Office, actor: Account, rules: Mapping[str, str]) -> None:
    """Which rule of signatures counts for a form type; without one its first does. Raises as ``change``."""
    said = values(office, OFFICE)
    kept = {slug: rule for slug, rule in (said.get("signature_rules") or {}).items() if slug not in rules}
    kept |= {slug: rule for slug, rule in rules.items() if rule}
    said.pop("signature_rules", None)
    change(office, actor, OFFICE, said | ({"signature_rules": kept} if kept else {}))


def set_recusal(office: Office, actor: Account, ways: Sequence[tuple[str, str]]) -> None:
    """Who signs in place of whoever must stand aside: role and unit, ``any`` for all.

    With none nobody stands aside. Raises as ``change``.
    """
    said = values(office, OFFICE)
    said.pop("recusal", None)
    rows = [{"roles": role.split(","), "unit": unit} for role, unit in dict.fromkeys(ways) if role]
    change(office, actor, OFFICE, said | ({"recusal": rows} if rows else {}))


def set_conflict(office: Office, actor: Account, chosen: Mapping[str, str]) -> None:
    """What is done on each ground of a conflict of interest (``config.GROUNDS``); raises as ``change``."""
    said = values(office, OFFICE)
    said.pop("conflict", None)
    kept = {ground: what for ground, what in chosen.items() if what != OFF}
    change(office, actor, OFFICE, said | ({"conflict": kept} if kept else {}))


def set_second_factor(office: Office, actor: Account, whom: str) -> None:
    """Of whom a code is asked besides the password: ``off``, ``handlers``, ``all``; raises as ``change``."""
    said = values(office, OFFICE)
    said.pop("second_factor", None)
    change(office, actor, OFFICE, said | ({"second_factor": whom} if whom != OFF else {}))


def set_two_to_publish(office: Office, actor: Account, *, is_on: bool) -> None:
    """Whether a second admin confirms what one publishes; raises as ``change``."""
    admins = [one for one in accounts.all(office.store) if one.is_active and may(one, designs.ACT)]
    if is_on and len(admins) < 2:
        raise Refused(_("现在只有一位管理员，没有人能复核。请先再设一位管理员。"))
    said = values(office, OFFICE)
    said.pop("two_to_publish", None)
    change(office, actor, OFFICE, said | ({"two_to_publish": True} if is_on else {}))


def set_access(office: Office, actor: Account, form: str, person: str, until: str) -> None:
    """What must be signed before cases are seen: form type, field of the person, deadline; '' ends it.

    Which form types are shut stays as it is, at first all of cases. Raises as ``change``.
    """
    said = values(office, OFFICE)
    was = said.pop("access_needs", None) or {}
    needs = {
        "form": form,
        "person": person,
        **({"until": until} if until else {}),
        "for": was.get("for", "cases"),
    }
    change(office, actor, OFFICE, said | ({"access_needs": needs} if form else {}))


def set_holidays(office: Office, actor: Account, year: int, off: Sequence[str], work: Sequence[str]) -> None:
    """The days of a year that are free, and the weekends that are worked; raises as ``change``."""
    said = values(office, HOLIDAYS)
    table = {"holidays": [day(one) for one in off], "workdays": [day(one) for one in work]}
    said.pop(year, None)
    change(office, actor, HOLIDAYS, said | ({year: table} if off or work else {}))


def day(text: str) -> date:
    """A day as it is typed; raises ``Refused``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("“%(text)s”不是日期，要写成 2027-02-06 这样。", text=text)) from None


def history(office: Office, actor: Account) -> list[SettingChanged]:
    """What was changed, the newest first; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    found = []
    for name in (OFFICE, HOLIDAYS):
        made = published.history(office.store, name)
        file = _loaded(_file(office, name)) if made else {}
        first = _written({key: file.get(key) for key in _loaded(made[-1].text)}) if made else ""
        found += overlays.history(office, name, first)
    return sorted(found, key=lambda one: -one.publication.id)
