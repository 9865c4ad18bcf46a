"""The designer says what the language can say: rules, conditions, what comes next, enough, cases, blocks."""

from __future__ import annotations

import pytest

from andu.formtypes.kinds import KINDS
from andu.formtypes.language.keys import casekeys, fieldkeys, formkeys, signkeys, timekeys
from andu.formtypes.language.rules import RULES
from andu.office.office import Office
from andu.office.shelf import act_words, words
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_design_parts import add, made, press, send


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


@pytest.fixture
def design(admin: Visitor) -> str:
    admin.get("/designs/new")
    admin.post("/designs", {"title": "值班表", "like": ""})
    return admin.path


def add_at(admin: Visitor, page: str, where: str, first: str) -> str:
    """One more of a list, from the page that shows it; the path of its own page."""
    admin.get(page)
    design = "/".join(page.split("/")[:3])
    admin.post(f"{design}/at/{where}/add", {**admin.filled(f"{design}/at/{where}/add"), "first": first})
    assert "/at/" in admin.path, admin.text()
    return admin.path


def test_rules_next_enough_and_an_extension_are_chosen_from_lists(
    admin: Visitor, office: Office, design: str
) -> None:
    for label in ("开始", "结束"):
        add(admin, design, label, "date")
    choice = add(admin, design, "班次", "choice")
    send(admin, choice, choices="白班\n夜班\n备班")
    rule = add_at(admin, design, "rules", "not_before")
    send(admin, rule, field="jie_shu", other="kai_shi", message="结束早于开始")
    following = add_at(admin, design, "next", "clue_review")
    send(admin, following, **{"when-field": "ban_ci", "when-way": "not is", "when-words": "备班"})
    add_at(admin, design, "next", "clue_handover")
    for label in ("甲", "乙"):
        press(admin, design, f"{design}/parts/slots", label=label)
    enough = add_at(admin, f"{design}/signatures", "signatures.enough", "任何一人签就行")
    send(admin, enough, **{"sets-1": "jia", "sets-2": "yi"})
    press(admin, design, f"{design}/parts/deadlines", label="交回")
    deadline = admin.path
    send(admin, deadline, rule="workdays", n="2")
    send(admin, f"{design}/at/deadlines.1.extend", roles="director", days="10")
    met = add_at(admin, deadline, "deadlines.1.met_by", "clue_review")
    send(admin, met)
    urgent = f"{design}/at/urgent"
    join = {"when-field": "ban_ci", "when-way": "is", "when-words": "夜班", "when-join": "any"}
    send(admin, urgent, word="优先", **join, **{"when-2-field": "kai_shi", "when-2-way": "empty"})
    admin.get(design)
    assert "处要改" not in admin.text(), admin.text()
    found = made(office, design)
    assert found["rules"] == [
        {"rule": "not_before", "field": "jie_shu", "other": "kai_shi", "message": "结束早于开始"}
    ]
    assert found["next"] == [
        {"form": "clue_review", "when": {"not": {"field": "ban_ci", "is": "备班"}}},
        "clue_handover",
    ]
    assert found["signatures"]["enough"][0]["sets"] == [["jia"], ["yi"]]
    assert found["deadlines"][0]["extend"] == {"roles": ["director"], "days": "10"}
    assert found["deadlines"][0]["met_by"] == ["clue_review"]
    when = [{"field": "ban_ci", "is": "夜班"}, {"field": "kai_shi", "filled": "false"}]
    assert found["urgent"] == {"word": "优先", "when": {"any": when}}
    press(admin, design, f"{design}/at/next.2/move", way="up")
    assert made(office, design)["next"][0] == "clue_handover"
    press(admin, design, f"{design}/at/rules.1/remove")
    assert "rules" not in made(office, design)


def test_every_part_that_ships_is_shown_and_kept(admin: Visitor, office: Office) -> None:
    """Whatever stands in a form that ships is opened and saved; nothing of it changes."""
    for slug in ("clue_registration", "halfmonthly_return", "supervision_circular"):
        admin.get(f"/forms/{slug}")
        admin.post(f"/forms/{slug}/design")
        design = admin.path
        before = made(office, design)
        pages = [design, f"{design}/about", f"{design}/signatures"]
        pages += [f"{design}/parts/deadlines/{n}" for n in range(1, len(before.get("deadlines", [])) + 1)]
        seen: set[str] = set()
        while pages:
            page = pages.pop()
            if admin.get(page).status_code != 200:
                continue
            pages += [one for one in links(admin, design) if one not in seen]
            seen |= set(links(admin, design))
            if page != design:
                admin.post(page, admin.filled(page))
        assert made(office, design) == before
        assert seen, slug


def links(admin: Visitor, design: str) -> list[str]:
    return [str(one) for one in admin.page.xpath("//main//a/@href") if str(one).startswith(f"{design}/at/")]


def test_a_ready_block_is_put_in_twice_and_stays_told_apart(
    admin: Visitor, office: Office, design: str
) -> None:
    for _time in range(2):
        for block in ("person", "clue", "four_fixed", "two_signatures", "materials", "opinion", "unit"):
            admin.get(f"{design}/fields?section=0")
            admin.post(f"{design}/block", {**admin.filled(f"{design}/block"), "block": block})
            assert "已加上这一组" in admin.text(), admin.text()
    assert "处要改" not in admin.text(), admin.text()
    found = made(office, design)
    fields = {one["key"]: one for one in found["sections"][0]["fields"]}
    assert len(fields) == 2 * 16 + 1
    second = fields["xian_suo_bian_hao"]
    assert second["prefill"] == {"xian_suo_zhai_yao": "summary"}
    slots = found["signatures"]["slots"]
    assert [one["label"] for one in slots][:4] == ["经办人", "单位负责人", "领导审批", "经办人（2）"]


def test_a_choice_that_is_lost_gets_a_new_one_where_it_is_named(
    admin: Visitor, office: Office, design: str
) -> None:
    choice = add(admin, design, "班次", "choice")
    send(admin, choice, choices="白班\n夜班")
    why = add(admin, design, "说明", "text")
    send(admin, why, **{"show_when-field": "ban_ci", "show_when-way": "is", "show_when-words": "夜班"})
    send(admin, choice, choices="早班\n夜间值班")
    assert "去掉的选项还有地方用着" in admin.text()
    assert made(office, design)["sections"][0]["fields"][1]["choices"] == ["白班", "夜班"]
    assert admin.page.xpath("//select[@name='becomes-夜班']/option[@selected]/@value") == ["夜间值班"]
    admin.post(choice, admin.filled(choice))
    fields = {one["key"]: one for one in made(office, design)["sections"][0]["fields"]}
    assert fields["ban_ci"]["choices"] == ["早班", "夜间值班"]
    assert fields["shuo_ming"]["show_when"] == {"field": "ban_ci", "is": "夜间值班"}


def test_whatever_the_language_can_say_is_asked_in_words(admin: Visitor) -> None:
    on_pages_of_their_own = {
        *("key", "kind", "fields", "columns", "sections", "signatures"),
        "deadlines",
        "slots",
    }
    dictionaries = {
        "next": casekeys.NEXT_KEYS, "share_with": casekeys.SHARE_KEYS, "case": casekeys.CASE_KEYS,
        "case.opens_branch": casekeys.BRANCH_KEYS, "case.ends_branch": casekeys.BRANCH_KEYS,
        "case.needs": casekeys.NEEDS_KEYS, "case.verdict": casekeys.VERDICT_KEYS,
        "urgent": casekeys.URGENT_KEYS,
        "expected": timekeys.EXPECTED_KEYS, "expected.counted": timekeys.COUNTED_KEYS,
        "missing_returns": timekeys.MISSING_RETURNS_KEYS, "deadlines.extend": timekeys.EXTENSION_KEYS,
        "deadlines.met_by": timekeys.MEETS_KEYS, "signatures.enough": signkeys.ENOUGH_KEYS,
        "rules": formkeys.RULE_KEYS,
    }  # fmt: skip
    with admin.client.application.test_request_context():
        asked = {name: (keys, act_words.of_place(name)) for name, keys in dictionaries.items()}
        asked |= {f"rule {name}": (rule.keys, act_words.of_place("rules")) for name, rule in RULES.items()}
        asked |= {f"kind {name}": (kind.settings, words.of_field()) for name, kind in KINDS.items()}
        asked |= {
            "form": (formkeys.FORM_KEYS, {**words.of_form(), **act_words.of_more()}),
            "section": (formkeys.SECTION_KEYS, words.of_section()),
            "field": (fieldkeys.FIELD_KEYS, words.of_field()),
            "slot": (signkeys.SLOT_KEYS, words.of_slot()),
            "signatures": (signkeys.SIGNATURES_KEYS, words.of_signatures()),
            "deadline": (timekeys.DEADLINE_KEYS, words.of_deadline()),
        }
        assert set(RULES) == set(act_words.rules())
    lacking = {name: set(keys) - set(said) - on_pages_of_their_own for name, (keys, said) in asked.items()}
    assert not {name: keys for name, keys in lacking.items() if keys}
