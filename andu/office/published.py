"""What has been published in the browser: which edition of a form type is in force, which text of a setting.

Owns table ``publication``: a row for each act, with the person, the time and a note; the last row of a name
says what is in force. A name is that of a file (``forms/<slug>``, ``office.yaml``), which it takes the place
of; a ledger or a sheet of figures with its whole text. The number of the newest row is the generation of the
office: whoever holds an older one reads it anew (``office.live``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from andu.clock import Clock, stamp
from andu.formtypes.language.text.yamltext import FAST_LOADER
from andu.store import Store

FORMS, LEDGERS, FIGURES = "forms/", "ledgers/", "figures/"
PUBLISH, WITHDRAW, RESTORE = "publish", "withdraw", "restore"


@dataclass(frozen=True)
class Publication:
    """One act. ``edition`` is of a form type and empty for a setting, whose ``text`` is kept here."""

    id: int
    name: str
    act: str
    edition: str
    text: str
    actor_id: str
    note: str
    at: str


@dataclass(frozen=True)
class Published:
    """What is in force by publication: slug to edition, slug to YAML; file to what changed in it, as YAML.
    A ledger or a sheet of figures (``ledgers/<slug>``) has its whole text there, '' once it is withdrawn.

    ``withdrawn``: form types that nobody begins any more; ``editions`` and ``texts`` know them as they were.
    """

    generation: int = 0
    editions: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)

    def with_form(self, slug: str, edition: str, text: str) -> Published:
        """The same with this edition in force."""
        return replace(
            self,
            editions={**self.editions, slug: edition},
            texts={**self.texts, slug: text},
            withdrawn=self.withdrawn - {slug},
        )

    def without_form(self, slug: str, edition: str, text: str) -> Published:
        """The same with a form type withdrawn that was last in force like this."""
        return replace(self.with_form(slug, edition, text), withdrawn=self.withdrawn | {slug})

    def with_setting(self, name: str, text: str) -> Published:
        """The same with these keys changed in the file of that name."""
        return replace(self, settings={**self.settings, name: text})

    def over(self, name: str, text: str) -> str:
        """The text of a file with what was changed of it in the browser; a key set to nothing goes."""
        if name not in self.settings:
            return text
        said = yaml.load(text, FAST_LOADER) or {}  # noqa: S506 - a safe one
        for key, value in yaml.load(self.settings[name], FAST_LOADER).items():  # noqa: S506
            said.pop(key, None)
            said |= {} if value is None else {key: value}
        return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120))

    def within(self, folder: str) -> dict[str, str]:
        """Slug to the text that stands in place of a file of ``LEDGERS`` or ``FIGURES``; '' for none."""
        return {
            name.removeprefix(folder): text for name, text in self.settings.items() if name.startswith(folder)
        }

    @property
    def offered(self) -> dict[str, str]:
        """Slug to YAML of what can be begun."""
        return {slug: text for slug, text in self.texts.items() if slug not in self.withdrawn}


def generation(store: Store) -> int:
    """The number of the newest publication, 0 before the first: one look at the end of the table."""
    rows = store.query("SELECT id FROM publication ORDER BY id DESC LIMIT 1")
    return int(rows[0]["id"]) if rows else 0


def read(store: Store) -> Published:
    """All that is in force by publication."""
    rows = store.query(
        "SELECT publication.*, yaml FROM publication LEFT JOIN form_version ON form_version.id = edition"
        " WHERE publication.id IN (SELECT max(id) FROM publication GROUP BY name) ORDER BY publication.id"
    )
    forms = {row["name"].removeprefix(FORMS): row for row in rows if row["name"].startswith(FORMS)}
    return Published(
        generation=rows[-1]["id"] if rows else 0,
        editions={slug: row["edition"] for slug, row in forms.items()},
        texts={slug: row["yaml"] for slug, row in forms.items()},
        withdrawn=frozenset(slug for slug, row in forms.items() if row["act"] == WITHDRAW),
        settings={row["name"]: row["text"] for row in rows if not row["name"].startswith(FORMS)},
    )


def history(store: Store, name: str) -> list[Publication]:
    """What was published under a name, the newest first."""
    rows = store.rows_where("publication", "name = ?", [name], order_by="id DESC")
    return [_publication(row) for row in rows]


def enter(
    store: Store,
    clock: Clock,
    actor_id: str,
    name: str,
    act: str,
    note: str,
    edition: str | None = None,
    text: str = "",
) -> int:
    """Enter an act; its number. Within the caller's transaction, which tells the audit log of it."""
    number = generation(store) + 1
    row: dict[str, Any] = {"id": number, "name": name, "act": act, "edition": edition, "text": text}
    store.insert("publication", row | {"actor_id": actor_id, "note": note, "at": stamp(clock.now())})
    return number


def _publication(row: Mapping[str, Any]) -> Publication:
    return Publication(**{**row, "edition": row["edition"] or ""})
