from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from andu.formtypes.roles import ROLES
from andu.security.permissions import ACTS, MAY, acts_of, may


@dataclass(frozen=True)
class Person:
    roles: tuple[str, ...]
    is_active: bool = True


class Visitor:
    is_active = False


def test_the_table_has_exactly_the_roles_a_form_may_name() -> None:
    assert set(MAY) == set(ROLES)


def test_the_table_names_only_acts_that_exist_and_every_act_belongs_to_somebody() -> None:
    assert frozenset().union(*MAY.values()) == set(ACTS)


def test_admin_reads_no_record_and_no_register() -> None:
    assert MAY["admin"] == {"manage_accounts", "see_forms", "design_forms", "appoint_deputy"}


def test_auditor_reads_but_changes_and_takes_away_nothing() -> None:
    changing = {"fill", "sign", "void_number", "manage_accounts", "download", "print", "see_confidential"}
    assert not MAY["auditor"] & changing
    assert {"see_all", "see_audit"} <= MAY["auditor"]


def test_only_director_and_custodian_may_see_who_reported() -> None:
    assert {role for role in MAY if "see_confidential" in MAY[role]} == {"director", "custodian"}


def test_only_director_voids_a_number_and_only_admin_manages_accounts() -> None:
    assert [role for role in MAY if "void_number" in MAY[role]] == ["director"]
    assert [role for role in MAY if "manage_accounts" in MAY[role]] == ["admin"]


def test_whoever_sees_all_units_sees_her_own() -> None:
    assert all("see_unit" in acts for acts in MAY.values() if "see_all" in acts)


def test_several_roles_allow_what_any_of_them_allows() -> None:
    both = Person(("clerk", "auditor"))
    assert may(both, "fill")
    assert may(both, "see_audit")
    assert not may(both, "void_number")
    assert acts_of(both.roles) == MAY["clerk"] | MAY["auditor"]


def test_disabled_account_may_do_nothing() -> None:
    director = Person(("director",))
    assert may(director, "see_all")
    assert not any(may(replace(director, is_active=False), act) for act in ACTS)


def test_visitor_and_unknown_role_may_do_nothing() -> None:
    assert not any(may(Visitor(), act) for act in ACTS)
    assert not any(may(Person(("emperor",)), act) for act in ACTS)


def test_misspelt_act_raises_instead_of_refusing_quietly() -> None:
    with pytest.raises(KeyError, match="see_everything"):
        may(Person(("director",)), "see_everything")
