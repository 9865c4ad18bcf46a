"""What an office is made of: its file, holidays, form types, ledgers and figures, read from their files, and
over these what was published in the browser.

Called by ``Office`` alone. Read strictly, a fault stops; read leniently, the last good text stands in for a
file that is wrong now, and every fault is told with file, line and remedy. Owns table ``in_force``, where the
last good texts are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from andu.clock import Clock, stamp
from andu.formtypes.beside import figure_reading, ledger_reading
from andu.formtypes.beside.figures import Figures
from andu.formtypes.beside.ledgers import Ledgers
from andu.formtypes.definition import FormType
from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.reading import read_text
from andu.formtypes.language.text.plain import PlainFault, text_of
from andu.office import published, workdays
from andu.office.config import Config, ConfigFault, parse_config, read_config
from andu.office.published import FIGURES, FORMS, LEDGERS, Published
from andu.office.said_of_forms import require_known
from andu.office.workdays import HolidaysFault, Workdays, parse_workdays, read_workdays
from andu.settings import Settings
from andu.store import Store, Unwritable, verbs

log = logging.getLogger("andu")
OFFICE, HOLIDAYS = "office.yaml", workdays.FILE


@dataclass(frozen=True)
class Sources:
    """Everything that was read. ``faults``: what is wrong in the files, a sentence each."""

    config: Config
    catalogue: Catalogue
    ledgers: Ledgers
    figures: Figures
    workdays: Workdays
    faults: tuple[str, ...] = ()
    published: Published = field(default_factory=Published)


def strictly(settings: Settings, store: Store) -> Sources:
    """As the files are now; raises ``ConfigFault``, ``FormFaults`` or ``HolidaysFault``.

    A faulty ledger or sheet of figures is only left out.
    """
    made = published.read(store)
    config = office_config(settings, made)
    catalogue = Catalogue.load(
        settings.forms, config.series, _in_use(store, made), made.offered, made.withdrawn
    )
    require_known(config, catalogue)
    ledgers, figures, wrong = _beside(settings, catalogue, made)
    told = tuple(str(fault) for fault in wrong)
    return Sources(config, catalogue, ledgers, figures, _days(settings, made), told, made)


def with_last_good(settings: Settings, store: Store) -> Sources:
    """As the files are, or were when they were right; raises as ``strictly`` does where none ever was."""
    kept = {row["id"]: row["text"] for row in store.rows_where("in_force")}
    made = published.read(store)
    faults: list[str] = []
    config = _config(settings, made, kept, faults)
    catalogue, wrong = Catalogue.load_or_keep(
        settings.forms,
        config.series,
        _within(kept, FORMS),
        _in_use(store, made),
        made.offered,
        made.withdrawn,
    )
    faults += [_("表单 %(what)s", what=one) for one in wrong]
    config = _fitting(config, catalogue, made, kept, faults)
    over = made.within(LEDGERS)
    ledgers, wrong = ledger_reading.load(settings.ledgers, catalogue, _within(kept, LEDGERS), over)
    faults += [_("台账 %(what)s", what=one) for one in wrong]
    over = made.within(FIGURES)
    figures, wrong = figure_reading.load(settings.figures, ledgers, catalogue, _within(kept, FIGURES), over)
    faults += [_("统计 %(what)s", what=one) for one in wrong]
    days = _workdays(settings, made, kept, faults)
    return Sources(config, catalogue, ledgers, figures, days, tuple(faults), made)


def would_break(settings: Settings, store: Store, made: Published) -> list[str]:
    """The faults there would be with this published, which are not there now; a sentence each."""
    before = _faults(settings, store, published.read(store))
    return [one for one in _faults(settings, store, made) if one not in before]


def _faults(settings: Settings, store: Store, made: Published) -> list[str]:
    try:
        config = office_config(settings, made)
        known = _in_use(store, made)
        catalogue = Catalogue.load(settings.forms, config.series, known, made.offered, made.withdrawn)
        require_known(config, catalogue)
        _ledgers, _figures, wrong = _beside(settings, catalogue, made)
        _days(settings, made)
    except FormFaults as faults:
        return [str(one) for one in faults.faults]
    except (ConfigFault, HolidaysFault) as fault:
        return [str(fault)]
    return [str(one) for one in wrong]


def _beside(
    settings: Settings, catalogue: Catalogue, made: Published
) -> tuple[Ledgers, Figures, list[Fault]]:
    """The ledgers and figures that are right now, and the faults of the others."""
    ledgers, wrong = ledger_reading.load(settings.ledgers, catalogue, made=made.within(LEDGERS))
    figures, more = figure_reading.load(settings.figures, ledgers, catalogue, made=made.within(FIGURES))
    return ledgers, figures, [*wrong, *more]


def _within(kept: Mapping[str, str], folder: str) -> dict[str, str]:
    return {name.removeprefix(folder): text for name, text in kept.items() if name.startswith(folder)}


def office_config(settings: Settings, made: Published) -> Config:
    """The office file, and over it what was changed in the browser; raises ``ConfigFault``."""
    config = read_config(settings.office_file)
    if OFFICE not in made.settings:
        return config
    return parse_config(made.over(OFFICE, text_of(settings.office_file)), OFFICE)


def _days(settings: Settings, made: Published) -> Workdays:
    """The same of the holidays; raises ``HolidaysFault``."""
    days, path = read_workdays(settings.instance), settings.instance / HOLIDAYS
    if HOLIDAYS not in made.settings:
        return days
    return parse_workdays(made.over(HOLIDAYS, text_of(path) if path.exists() else "{}"))


def _config(settings: Settings, made: Published, kept: Mapping[str, str], faults: list[str]) -> Config:
    try:
        return office_config(settings, made)
    except ConfigFault as fault:
        if OFFICE not in kept:
            raise
        faults.append(_("办公室文件有错，仍用上一次正确的内容。%(what)s", what=fault))
        return parse_config(made.over(OFFICE, kept[OFFICE]), OFFICE)


def _fitting(
    config: Config, catalogue: Catalogue, made: Published, kept: Mapping[str, str], faults: list[str]
) -> Config:
    """The config, or the last good one, that names only what there is; who may see what is never dropped."""
    try:
        require_known(config, catalogue)
        return config
    except ConfigFault as fault:
        said = _("办公室文件有错，仍用上一次正确的内容。%(what)s", what=fault)
        if OFFICE not in kept:
            raise
    faults.append(said)
    last = parse_config(made.over(OFFICE, kept[OFFICE]), OFFICE)
    try:
        require_known(last, catalogue)
    except ConfigFault:
        last = replace(last, signature_rules={})
        require_known(last, catalogue)
    return last


def _workdays(settings: Settings, made: Published, kept: Mapping[str, str], faults: list[str]) -> Workdays:
    try:
        return _days(settings, made)
    except HolidaysFault as fault:
        if HOLIDAYS not in kept:
            raise
        faults.append(_("节假日文件有错，仍用上一次正确的内容。%(what)s", what=fault))
        return parse_workdays(made.over(HOLIDAYS, kept[HOLIDAYS]))


def _in_use(store: Store, made: Published) -> dict[str, FormType]:
    """The form types that drafts or records are of, or that were withdrawn, as they were last in force."""
    rows = store.query(
        "SELECT slug, yaml FROM form_version WHERE EXISTS (SELECT 1 FROM record WHERE form = slug)"
        " OR EXISTS (SELECT 1 FROM draft WHERE form = slug)"
        f" ORDER BY created_at, {verbs.row_order('form_version')}"
    )
    newest = {row["slug"]: row["yaml"] for row in rows} | {**made.texts}
    found = {}
    for slug, text in newest.items():
        try:
            found[slug] = read_text(text, slug)
        except FormFaults as fault:
            log.error(_("表单“%(slug)s”存下的版本读不出来：%(fault)s", slug=slug, fault=fault))
    return found


# --- keeping what is right -------------------------------------------------------------------------


def keep(settings: Settings, store: Store, clock: Clock, found: Sources) -> None:
    """Keep every text that is right now, for the day when it is not; writes only what changed.

    A file in which anything is wrong is not kept, nor forgotten. On a full disk nothing is kept.
    """
    kept = {row["id"]: row["text"] for row in store.rows_where("in_force")}
    good = _texts(settings, found)
    gone = set() if found.faults else kept.keys() - good.keys()
    changed = {name: text for name, text in good.items() if kept.get(name) != text}
    if not changed and not gone:
        return
    try:
        with store.write():
            store.bind()
            for name in (*changed, *gone):
                store.delete("in_force", name)
            for name, text in changed.items():
                store.insert("in_force", {"id": name, "text": text, "at": stamp(clock.now())})
    except Unwritable:
        return


def _texts(settings: Settings, found: Sources) -> dict[str, str]:
    """Name → text of every file from which something that is in force was read."""
    retired = found.catalogue.retired
    texts = {f"{FORMS}{one.slug}": one.source for one in found.catalogue if one.slug not in retired}
    texts |= {f"{LEDGERS}{one.slug}": one.source for one in found.ledgers}
    said = "\n".join(found.faults)
    beside = {OFFICE: settings.office_file, HOLIDAYS: settings.instance / HOLIDAYS}
    figures = found.published.within(FIGURES)
    texts |= {FIGURES + slug: text for slug, text in figures.items() if text and f"{slug}.yaml" not in said}
    shipped = [path for path in settings.figures.glob("*.yaml") if path.stem not in figures]
    beside |= {FIGURES + path.stem: path for path in shipped}
    for name, path in beside.items():
        if path.exists() and path.name not in said:
            try:
                texts[name] = text_of(path)
            except PlainFault:
                continue
    return texts
