"""Names of people told apart: two people of one name never look the same in one list.

The one way to name a person among others: by name where that is enough, else with what tells them apart: the
post, the unit, both, or at last the user name. Used by selects, lists, histories and waiting-for texts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from andu.security import accounts
from andu.security.accounts import Account
from andu.store import Store

_Part = Callable[[Account], str]


def _unit_and_post(one: Account) -> str:
    return f"{one.unit_name} · {one.post}" if one.post else one.unit_name


_PARTS: Sequence[_Part] = (
    lambda one: one.post,
    lambda one: one.unit_name,
    _unit_and_post,
    lambda one: f"{one.unit_name} · {one.username}",
)


def named(people: Iterable[Account]) -> dict[str, str]:
    """Account id → the name, and where another of these has it too, what tells the two apart."""
    return _told_apart(people, _PARTS, alone=True)


def in_office(store: Store) -> dict[str, str]:
    """Everybody who ever had an account, told apart from everybody else."""
    return named(accounts.all(store))


def in_full(people: Iterable[Account], with_posts: bool = False) -> dict[str, str]:
    """Account id → the name with the unit (and the post), and what else tells two of these apart."""
    parts: Sequence[_Part] = (lambda one: one.unit_name, *_PARTS[2:])
    return _told_apart(people, parts[1:] if with_posts else parts, alone=False)


def _told_apart(people: Iterable[Account], parts: Sequence[_Part], alone: bool) -> dict[str, str]:
    groups: dict[str, list[Account]] = {}
    for one in people:
        groups.setdefault(one.name, []).append(one)
    found: dict[str, str] = {}
    for name, group in groups.items():
        if len(group) == 1 and alone:
            found[group[0].id] = name
            continue
        part = next((part for part in parts if _tells_apart(part, group)), parts[-1])
        found |= {one.id: f"{name}（{part(one)}）" for one in group}
    return found


def _tells_apart(part: _Part, group: Sequence[Account]) -> bool:
    said = [part(one) for one in group]
    return all(said) and len(set(said)) == len(said)
