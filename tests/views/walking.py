"""Walking the way of a matter through the screens, as its people: what a page does not know is typed.

What the page has already (defaults, and what was carried over) is posted back as it stands; the form's own
sample is typed into what must still be answered.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from andu.clock import FixedClock
from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values, read_loosely
from andu.office import editions, records
from andu.office.books import register
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import PASSWORD, with_key
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


class Walk:
    """People at their desks; ``fill`` and ``sign`` are what they do there."""

    def __init__(self, office: Office, signed_in: SignedIn) -> None:
        self.office = office
        self._signed_in = signed_in
        self._visitors: dict[str, Visitor] = {}

    def as_(self, who: str) -> Visitor:
        """This person's browser."""
        if who not in self._visitors:
            self._visitors[who] = self._signed_in(who)
        return self._visitors[who]

    def wait(self, **span: float) -> None:
        """Let time pass (days, hours …); people come back to their desks and sign in anew."""
        clock = self.office.clock
        assert isinstance(clock, FixedClock)
        clock.advance(timedelta(**span).total_seconds())
        self._visitors.clear()

    def chase(self, who: str, deadline: str, slug: str) -> str:
        """Press, on the desk, the button that chases the overdue deadline whose line says this; the draft."""
        visitor = self.as_(who)
        visitor.get("/")
        form = f"//form[substring(@action, string-length(@action) - {len(slug)}) = '/{slug}']"
        buttons = visitor.page.xpath(f"{form}[contains(@action, '/chase/')]")
        near = [one for one in buttons if deadline in one.xpath("string(ancestor::li[1] | ancestor::tr[1])")]
        assert near, f"{slug} is not offered for {deadline} on {visitor.text()}"
        visitor.post(near[0].get("action"), dict(near[0].form_values()))
        assert visitor.path.startswith("/drafts/"), visitor.text()[:300]
        return visitor.path.removeprefix("/drafts/")

    def account(self, who: str) -> Account:
        """This person."""
        return with_key(self.office, accounts.by_username(self.office.store, who))

    def begin(self, who: str, slug: str, source: str | None = None) -> str:
        """Press the button that begins this form, on the page of ``source`` if one is named; the draft."""
        visitor = self.as_(who)
        if source is None:
            visitor.get("/new")
            visitor.post(f"/new/{slug}")
        else:
            visitor.get(f"/records/{source}")
            offered = visitor.page.xpath(f"//main//form[@action = '/new/{slug}']")
            assert offered, f"{slug} is not offered to {who} on {visitor.text()[:200]}"
            visitor.post(f"/new/{slug}", {"from": source})
        assert visitor.path.startswith("/drafts/"), visitor.text()[:300]
        return visitor.path.removeprefix("/drafts/")

    def fill(self, who: str, slug: str, source: str | None = None, **answers: Any) -> str:
        """Begin a form, fill it and hand it in; the id of the record."""
        return self.hand_in(who, slug, self.begin(who, slug, source), **answers)

    def hand_in(self, who: str, slug: str, draft_id: str, **answers: Any) -> str:
        """Fill the rest of a draft and hand it in; the id of the record."""
        visitor = self.as_(who)
        visitor.get(f"/drafts/{draft_id}")
        answer = visitor.post(f"/drafts/{draft_id}", self._posted(who, slug, visitor, answers))
        if visitor.path == f"/drafts/{draft_id}" and answer.status_code == 200:  # told of likely duplicates
            answer = visitor.post(f"/drafts/{draft_id}", self._posted(who, slug, visitor, answers))
        assert visitor.path == f"/records/{draft_id}", _wrong(visitor)
        return draft_id

    def refused(
        self, who: str, slug: str, source: str | None = None, /, typed: Any = (), **answers: Any
    ) -> str:
        """Fill a form and hand it in, some fields (key → value) as they are ``typed``; why it is refused."""
        draft_id = self.begin(who, slug, source)
        visitor = self.as_(who)
        form_type = editions.current(self.office, slug).form_type
        rows = tuple(f"f_{key}-" for key in dict(typed))
        filled = self._posted(who, slug, visitor, answers)
        posted = {name: texts for name, texts in filled.items() if not name.startswith(rows)}
        posted |= raw_from_values(form_type, dict(typed))
        visitor.post(f"/drafts/{draft_id}", posted)
        assert visitor.path == f"/drafts/{draft_id}", visitor.text()[:300]
        return _wrong(visitor)

    def _posted(self, who: str, slug: str, visitor: Visitor, answers: dict[str, Any]) -> dict[str, Any]:
        form_type = editions.current(self.office, slug).form_type
        directory = OfficeDirectory(self.office, self.account(who))
        there = visitor.filled(visitor.path)
        known = {**read_loosely(form_type, there, directory), **answers}
        references = {field.key for field in form_type.fields if field.kind == "reference"}
        whole = samples.sample(form_type, directory, given=known)
        whole = {key: value for key, value in whole.items() if key in known or key not in references}
        hidden = {name: typed for name, typed in there.items() if not name.startswith("f_")}
        return {**hidden, **raw_from_values(form_type, whole), "act": "submit"}

    def sign(self, who: str, record_id: str, opinion: str = "同意", **answers: Any) -> str:
        """Sign the slot whose turn it is; the number, if it has one now."""
        visitor = self.as_(who)
        visitor.get(f"/records/{record_id}/sign")
        assert visitor.path == f"/records/{record_id}/sign", visitor.text()[:300]
        record = records.find(self.office, record_id)
        form_type = records.form_type_of(self.office, record)
        directory = OfficeDirectory(self.office, self.account(who))
        slot = visitor.page.xpath("string(//input[@name = 'slot']/@value)")
        there = visitor.filled(visitor.path)
        known = {**record.values, **read_loosely(form_type, there, directory), **answers}
        whole = samples.sample(form_type, directory, given=known)
        own = {key: whole[key] for key in form_type.slot(slot).fields if whole.get(key) is not None}
        posted = {"slot": slot, "version": str(record.version), "opinion": opinion, "password": PASSWORD}
        visitor.post(f"/records/{record_id}/sign", {**posted, **raw_from_values(form_type, own)})
        assert visitor.path != f"/records/{record_id}/sign", _wrong(visitor)
        return self.number(record_id)

    def decline(self, who: str, record_id: str, reason: str) -> None:
        """Send it back with a reason."""
        visitor = self.as_(who)
        visitor.get(f"/records/{record_id}/sign")
        version = str(records.find(self.office, record_id).version)
        posted = {"decline-version": version, "decline-reason": reason, "decline-password": PASSWORD}
        visitor.post(f"/records/{record_id}/decline", posted)
        assert visitor.path == f"/records/{record_id}", _wrong(visitor)

    def number(self, record_id: str) -> str:
        """The number of a record; empty while it has none."""
        entry = register.of_record(self.office, self.account("zhaoliu"), record_id)
        return entry.number if entry else ""

    def text(self, who: str, path: str) -> str:
        """What this person reads on a page."""
        visitor = self.as_(who)
        visitor.get(path)
        return visitor.text()


def _wrong(visitor: Visitor) -> str:
    said = visitor.page.xpath("//*[contains(@class, 'wrong') or contains(@class, 'bad')]")
    return f"{visitor.path}: " + " | ".join(" ".join(one.text_content().split()) for one in said)
