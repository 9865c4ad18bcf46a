"""The configuration of one office: its name, the words of its number series, its first units.

Read from ``instance/office.yaml`` (dictionary of keys: offices/README.md) when the service starts.
A pattern is data with two places, ``{year}`` and ``{n}``; nothing in the file is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.faults import nearest
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.text import plain
from andu.formtypes.language.text.yamltext import FAST_LOADER
from andu.formtypes.roles import ROLES
from andu.office import office_keys
from andu.security import age
from andu.settings import ROOT

SERIES = ROOT / "offices" / "series.yaml"
_PLACE = re.compile(r"\{(year|n)(?::(\d))?\}")


class ConfigFault(Exception):
    """The file of the office is not as it must be; the message names the key."""


@dataclass(frozen=True)
class Series:
    """A number series. ``pattern`` holds ``{year}`` and ``{n}`` or ``{n:4}`` exactly once each."""

    key: str
    label: str
    pattern: str

    def number(self, year: int, n: int | None) -> str:
        """The written number: ``示发〔2026〕13号``, ``DJ-XS-2026-0007``; for ``None`` ``DJ-XS-2026-××××``."""

        def place(match: re.Match[str]) -> str:
            if match[1] == "year":
                return str(year)
            width = int(match[2] or 1)
            return "×" * width if n is None else str(n).zfill(width)

        return _PLACE.sub(place, self.pattern)


@dataclass(frozen=True)
class Campaign:
    """A campaign (专项行动) of the office: its name, its first and its last day."""

    label: str
    since: date
    until: date


ANY = "any"


@dataclass(frozen=True)
class SignsInstead:
    """Who signs where somebody must stand aside: one of ``roles`` in a unit (its code, or any)."""

    roles: tuple[str, ...]
    unit: str = ANY


OFF, WARN, SHUT = "off", "warn", "shut"
"""What the office does about a conflict of interest: nothing, say so, or shut the matter to that person."""
GROUNDS = ("person", "unit", "surname")
"""On which ground: the matter names them, or their unit, or somebody of their surname in their unit."""
HANDLERS, EVERYBODY = "handlers", "all"
"""Of whom a code besides the password is asked: who opens reporters or keeps the accounts; everybody."""
CASES = "cases"
"""Under ``access_needs.for``: every form type whose records join a case, or freeze a month of a ledger."""


@dataclass(frozen=True)
class AccessNeeds:
    """Who is shown the records of ``shut`` form types: whoever has a numbered ``form`` in their own name.

    ``person`` is its field that names whose it is, ``until`` the key of its deadline after which it holds no
    more, empty where it holds for ever. ``shut`` are slugs, and ``cases``.
    """

    form: str
    person: str
    until: str
    shut: tuple[str, ...]

    def forms(self, catalogue: Catalogue) -> frozenset[str]:
        """The slugs of the form types that are shut."""
        of_cases = [
            one.slug
            for one in catalogue.all()
            if one.case.joins or any(KINDS[field.kind].draws_ledger for field in one.fields)
        ]
        return frozenset((*self.shut, *(of_cases if CASES in self.shut else ()))) - {CASES}


MOST_TOGETHER = 50
"""As many as a queue shows."""


@dataclass(frozen=True)
class SignTogether:
    """How papers that were each opened and agreed to are signed under one password: at most so many at once.

    ``confidential``: also those with confidential answers.
    """

    most: int
    confidential: bool = False


@dataclass(frozen=True)
class BackupPlan:
    """Where the copy of each day goes, for which key (``age1…``), and how many are kept.

    ``elsewhere``, if named, is a folder on another disk; each copy is copied there when it is there.
    """

    folder: str
    recipient: str
    keep: int = 14
    elsewhere: str = ""


@dataclass(frozen=True)
class Config:
    """What the office file says. ``signature_rules``: form type → the rule of ``enough`` that counts here.

    ``recusal``: who signs in place of those whom the matter names; without it nobody stands aside.
    ``conflict``: on which ground a matter is shut, or shown with a warning; a ground not named is off.
    ``second_factor``: of whom a code is asked at every sign-in, ``HANDLERS`` or ``EVERYBODY``; '' of nobody.
    ``two_to_publish``: a form type comes into force when a second admin confirms it.
    ``superior`` is what the level above is called to which the office reports; empty where it is not said.
    """

    name: str
    issuer: str
    printer: str
    series: Mapping[str, Series]
    signature_rules: Mapping[str, str] = field(default_factory=dict)
    access_needs: AccessNeeds | None = None
    recusal: tuple[SignsInstead, ...] = ()
    conflict: Mapping[str, str] = field(default_factory=dict)
    backup: BackupPlan | None = None
    sign_together: SignTogether | None = None
    second_factor: str = ""
    two_to_publish: bool = False
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    units: tuple[Mapping[str, str], ...] = ()
    accounts: tuple[Mapping[str, Any], ...] = ()
    superior: str = ""
    sample_password: str = field(default="", repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)
    file: str = field(default="office.yaml", repr=False, compare=False)


def _series(key: str, data: object) -> Series:
    if not isinstance(data, dict) or set(data) != {"label", "pattern"}:
        raise ConfigFault(_("series.%(key)s：需要 label 和 pattern 两项", key=key))
    pattern = str(data["pattern"])
    places = sorted(match[1] for match in _PLACE.finditer(pattern))
    if places != ["n", "year"] or "{" in _PLACE.sub("", pattern):
        raise ConfigFault(_("series.%(key)s：pattern 必须恰好含一个 {year} 和一个 {n}（或 {n:4}）", key=key))
    return Series(key, str(data["label"]), pattern)


def _campaign(key: str, data: object) -> Campaign:
    if isinstance(data, dict) and set(data) == {"label", "since", "until"}:
        since, until = data["since"], data["until"]
        if isinstance(since, date) and isinstance(until, date) and since <= until:
            return Campaign(str(data["label"]), since, until)
    raise ConfigFault(
        _("campaigns.%(key)s：需要 label、since、until 三项，日期写作 2026-04-15，起不晚于止", key=key)
    )


def _signature_rules(data: object) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(rule, str) for rule in data.values()):
        raise ConfigFault(_("signature_rules：每行写一个表单和它的签字规则，如 verification_report: strict"))
    return data


def _access_needs(data: object) -> AccessNeeds | None:
    if data is None:
        return None
    needed = {"form", "person", "for"}
    if not isinstance(data, dict) or not needed <= set(data) <= needed | {"until"}:
        raise ConfigFault(_("access_needs：需要 form、person、for 三项，可以再写 until"))
    shut = data["for"] if isinstance(data["for"], list) else [data["for"]]
    words = [data["form"], data["person"], data.get("until", "")]
    if not shut or not all(isinstance(one, str) for one in (*words, *shut)):
        raise ConfigFault(
            _("access_needs：for 写 cases 或几个表单，如 [cases, incoming_document]，其余各写一个词")
        )
    return AccessNeeds(words[0], words[1], words[2], tuple(shut))


def _recusal(data: object) -> tuple[SignsInstead, ...]:
    told = ConfigFault(
        _("recusal：每行写由谁签，如 - {roles: [director], unit: shb}；不限单位的写 unit: any")
    )
    if not isinstance(data, list):
        raise told
    for one in data:
        if not isinstance(one, dict) or not {"roles"} <= set(one) <= {"roles", "unit"}:
            raise told
        if (
            not isinstance(one["roles"], list)
            or not one["roles"]
            or not isinstance(one.get("unit", ANY), str)
        ):
            raise told
        for role in one["roles"]:
            if role not in ROLES:
                raise ConfigFault(
                    _("recusal：没有角色“%(role)s”%(near)s", role=role, near=nearest(str(role), ROLES))
                )
    return tuple(SignsInstead(tuple(one["roles"]), one.get("unit", ANY)) for one in data)


def _conflict(data: object) -> dict[str, str]:
    known = (OFF, WARN, SHUT)
    if not isinstance(data, dict):
        raise ConfigFault(_("conflict：每行写一种情形和怎么办，如 {person: shut, surname: warn}"))
    for ground, what in data.items():
        if what not in known:
            said = {"ground": ground, "near": nearest(str(what), known)}
            raise ConfigFault(_("conflict.%(ground)s：应当写 off、warn 或 shut%(near)s", **said))
    return {str(ground): str(what) for ground, what in data.items()}


def _backup(data: object) -> BackupPlan | None:
    if data is None:
        return None
    needed = {"folder", "recipient"}
    if not isinstance(data, dict) or not needed <= set(data) <= needed | {"keep", "elsewhere"}:
        raise ConfigFault(_("backup：需要 folder、recipient 两项，可以再写 keep、elsewhere"))
    for key in ("folder", "elsewhere"):
        if key in data and not Path(str(data[key])).is_absolute():
            raise ConfigFault(_("backup.%(key)s：请写从 / 开始的完整路径", key=key))
    if not age.is_recipient(str(data["recipient"])):
        said = _("backup.recipient：应当是 age1 开头的一行，用 script/andu backup key 生成")
        raise ConfigFault(said)
    keep = data.get("keep", BackupPlan.keep)
    if type(keep) is not int or not 1 <= keep <= 1000:
        raise ConfigFault(_("backup.keep：请写 1 到 1000 的整数"))
    return BackupPlan(data["folder"], data["recipient"], keep, data.get("elsewhere", ""))


def _second_factor(data: object) -> str:
    known = (OFF, HANDLERS, EVERYBODY)
    if data not in known:
        near = nearest(str(data), known)
        raise ConfigFault(_("second_factor：应当写 off、handlers 或 all%(near)s", near=near))
    return "" if data == OFF else str(data)


def _two_to_publish(data: object) -> bool:
    if not isinstance(data, bool):
        raise ConfigFault(_("two_to_publish：应当写 true 或 false"))
    return data


def _sign_together(data: object) -> SignTogether | None:
    if data is None:
        return None
    if not isinstance(data, dict) or "most" not in data:
        raise ConfigFault(_("sign_together：写明一次最多签几份，如 {most: 20}"))
    most, confidential = data["most"], data.get("confidential", False)
    if type(most) is not int or not 2 <= most <= MOST_TOGETHER:
        raise ConfigFault(_("sign_together.most：应当是 2 到 %(n)s 的整数", n=MOST_TOGETHER))
    if not isinstance(confidential, bool):
        raise ConfigFault(_("sign_together.confidential：应当写 true 或 false"))
    return SignTogether(most, confidential)


def _known_series() -> dict[str, Any]:
    """The series that come with the form types we ship; an office file may name them otherwise."""
    found: dict[str, Any] = yaml.load(SERIES.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 - a safe one
    return found


def read_config(path: Path) -> Config:
    """Read an office file over ``offices/series.yaml``; ``ConfigFault`` with line, key and remedy."""
    try:
        return parse_config(plain.text_of(path), path.name)
    except plain.PlainFault as fault:
        raise ConfigFault(str(fault)) from fault


@lru_cache(maxsize=8)  # every process reads it anew with each publication, and it is seldom another
def parse_config(text: str, file: str) -> Config:
    """The same from its text, such as the last good one; ``ConfigFault``."""
    try:
        data, lines = plain.read(text, file)
    except plain.PlainFault as fault:
        raise ConfigFault(str(fault)) from fault
    try:
        if not isinstance(data, dict):
            raise ConfigFault(_("不是办公室配置：应当是一行一项“键: 值”"))
        known = [key for key in Config.__dataclass_fields__ if key not in ("lines", "file")]
        for wrong in office_keys.faults(data, known):
            raise ConfigFault(wrong)
        return replace(_built(data), lines=lines, file=file)
    except ConfigFault as fault:
        told = str(placed(fault, lines, file))
        raise ConfigFault(plain.with_slip(told, text, file)) from fault


def placed(fault: ConfigFault, lines: Mapping[str, int], file: str) -> ConfigFault:
    """The fault with the line of the key that its message begins with."""
    key = str(fault).partition("：")[0]
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return ConfigFault(f"{file}:{lines.get(key, 1)}：{fault}")


def _built(data: dict[str, Any]) -> Config:
    data["series"] = _known_series() | (data.get("series") or {})
    patterns = [
        str(value["pattern"])
        for value in data["series"].values()
        if isinstance(value, dict) and "pattern" in value
    ]
    if len(set(patterns)) != len(patterns):
        raise ConfigFault(_("series：两个序列的 pattern 相同，编号会重复"))
    return Config(
        name=str(data["name"]),
        issuer=str(data["issuer"]),
        printer=str(data["printer"]),
        series={key: _series(key, value) for key, value in data["series"].items()},
        signature_rules=_signature_rules(data.get("signature_rules") or {}),
        access_needs=_access_needs(data.get("access_needs")),
        recusal=_recusal(data.get("recusal") or []),
        conflict=_conflict(data.get("conflict") or {}),
        backup=_backup(data.get("backup")),
        sign_together=_sign_together(data.get("sign_together")),
        second_factor=_second_factor(data.get("second_factor") or OFF),
        two_to_publish=_two_to_publish(data.get("two_to_publish", False)),
        campaigns={key: _campaign(key, value) for key, value in (data.get("campaigns") or {}).items()},
        units=tuple(data.get("units") or ()),
        accounts=tuple(data.get("accounts") or ()),
        sample_password=str(data.get("sample_password") or ""),
        superior=str(data.get("superior") or ""),
    )
