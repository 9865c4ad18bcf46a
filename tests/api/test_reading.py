"""A program reads what its person may read, as the shapes say, and nothing confidential."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from andu.api import whole
from andu.api.operations import OPERATIONS
from andu.api.shapes import SHAPES
from andu.formtypes.filling import schemas
from andu.office import editions
from andu.office.books import register
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import deadlines
from tests.api.conftest import Hire
from tests.conftest import People
from tests.office.conftest import Sign, Submit

SECRET = "李某某（示例举报人）"


def fits(name: str, said: Any) -> None:
    document = {"components": {"schemas": {**SHAPES, "OpenAPI": {"type": "object"}}}}
    jsonschema_rs.validate({**document, "$ref": f"#/components/schemas/{name}"}, said)


def test_a_record_is_read_with_its_number_and_its_paper(
    hire: Hire, office: Office, people: People, filed: Record
) -> None:
    program = hire("zhangsan", "see", "fetch")
    said = program.get(f"/records/{filed.id}")
    fits("Record", said)
    entry = register.of_record(office, people.zhangsan, filed.id)
    assert entry is not None
    assert (said["state"], said["number"]) == ("filed", entry.number)
    jsonschema_rs.validate(schemas.of(editions.get(office, said["edition"]).form_type), said["values"])
    for media in ("docx", "pdf"):
        path = f"/records/{filed.id}/paper.{media}"
        if media == "pdf":
            assert "reason" in program.ask("GET", path).text, "the second copy of an internal paper"
            assert program.ask("GET", f"{path}?reason=。").status_code == 409
            path += "?reason=上级要一份"
        data = program.ask("GET", path).data
        assert hashlib.sha256(data).hexdigest() == getattr(entry, f"{media}_sha")


def test_nothing_confidential_is_told_anywhere(
    hire: Hire, people: People, submit: Submit, sign: Sign, office: Office
) -> None:
    clue = sign(people.zhangsan, submit(people.zhangsan, "clue_registration", reporter_name=SECRET))
    program = hire("zhangsan", "see", "fill", "fetch")
    said = [program.ask("GET", f"/records/{clue.id}").text, program.ask("GET", "/register").text]
    said += [program.ask("GET", path).text for path in ("/deadlines", "/changes", "/openapi.json")]
    said += [program.ask("GET", f"/ledgers/{one.slug}").text for one in office.ledgers]
    assert clue.id in said[0]
    assert not any(SECRET in text for text in said)


def test_what_is_not_the_persons_is_not_the_programs(hire: Hire, filed: Record) -> None:
    program = hire("zhengshier", "see", "fetch")
    assert program.ask("GET", f"/records/{filed.id}").status_code == 404
    assert program.ask("GET", f"/records/{filed.id}/paper.pdf").status_code == 404
    assert program.get("/register")["entries"] == []


def test_a_token_for_some_forms_sees_no_other(hire: Hire, filed: Record) -> None:
    program = hire("zhangsan", "see", forms=("clue_registration",))
    assert [one["form"] for one in program.get("/forms")["forms"]] == ["clue_registration"]
    assert program.ask("GET", f"/records/{filed.id}").status_code == 404
    assert program.ask("GET", "/forms/completion_report").status_code == 403
    assert program.get("/register")["entries"] == []
    assert hire("zhangsan", "see").get("/register")["entries"]


def test_the_register_goes_on_behind_its_cursor(
    hire: Hire, people: People, submit: Submit, sign: Sign, filed: Record
) -> None:
    for _n in range(2):
        report = submit(people.zhangsan, "completion_report")
        sign(people.zhaoliu, sign(people.lisi, report))
    program = hire("zhangsan", "see")
    seen, after, pages = [], "", 0
    while after is not None:
        said = program.get("/register", limit=1, after=after)
        fits("Register", said)
        seen += [one["number"] for one in said["entries"]]
        after, pages = said["next"], pages + 1
    assert pages == 3
    assert seen == [one["number"] for one in program.get("/register")["entries"]]
    assert len(set(seen)) == 3


def test_forms_ledgers_and_deadlines_have_their_shapes(
    hire: Hire, people: People, submit: Submit, sign: Sign, office: Office
) -> None:
    sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    program = hire("zhangsan", "see", "fill")
    fits("Me", program.get("/me"))
    listed = program.get("/forms")
    fits("Forms", listed)
    one = program.get("/forms/clue_registration")
    fits("Form", one)
    assert one == program.get(f"/editions/{one['edition']}")
    lines = program.get("/ledgers")
    fits("Ledgers", lines)
    for line in lines["ledgers"]:
        fits("Ledger", program.get(f"/ledgers/{line['ledger']}"))
    said = program.get("/deadlines")
    fits("Deadlines", said)
    assert said["deadlines"]


def test_deadlines_go_on_behind_their_cursor(
    hire: Hire, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(2):
        sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    program = hire("zhangsan", "see")
    whole_list = [one["id"] for one in program.get("/deadlines")["deadlines"]]
    monkeypatch.setattr(deadlines, "MOST", 1)
    seen, after = [], ""
    while after is not None and len(seen) < 20:
        said = program.get("/deadlines", after=after)
        fits("Deadlines", said)
        seen += [one["id"] for one in said["deadlines"]]
        after = said["next"]
    assert len(whole_list) > 1 and seen == whole_list


def test_changes_are_told_once_and_in_order(hire: Hire, people: People, submit: Submit, sign: Sign) -> None:
    program = hire("zhangsan", "see")
    report = submit(people.zhangsan, "completion_report")
    time.sleep(1.1)
    said = program.get("/changes")
    fits("Changes", said)
    assert [one["event"] for one in said["changes"] if one["record"] == report.id] == ["record_submitted"]
    sign(people.lisi, report)
    time.sleep(1.1)
    later = program.get("/changes", after=said["next"])
    assert [one["event"] for one in later["changes"]] == ["record_signed"]
    assert program.get("/changes", after=later["next"])["changes"] == []
    assert hire("zhengshier", "see").get("/changes")["changes"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/register?after=x", 400), ("/register?after=WyJhIl0", 400), ("/register?limit=0", 400),
        ("/register?limit=999", 400), ("/register?since=gestern", 400), ("/changes?after=WzFd", 400),
        ("/ledgers/archives?month=2026-13", 400), ("/ledgers/nothing", 404), ("/forms/nothing", 404),
        ("/editions/nothing", 404), ("/records/nothing", 404), ("/nothing", 404), ("/", 404),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_a_problem_in_words(hire: Hire, path: str, status: int) -> None:
    answer = hire("zhangsan", "see").ask("GET", path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    fits("Problem", answer.json)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer andu_x", "Basic emhhbmdzYW46eA==", "Bearer \xff"])
def test_without_a_token_nothing_is_told(app: Flask, given: str) -> None:
    client = app.test_client()
    for one in OPERATIONS:
        path = "/api/v1" + one.path.replace("<", "").replace(">", "")
        answer = client.open(path, method=one.method, headers={"Authorization": given})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), path
        fits("Problem", answer.json)


def test_each_use_reaches_its_operations_and_no_others(hire: Hire) -> None:
    may = {"see": {"", "see_unit", "see_register"}, "fill": {"", "see_unit", "fill"}}
    may["fetch"] = {"", "see_unit", "see_register", "download"}
    for use, acts in may.items():
        program = hire("zhangsan", use)
        for one in OPERATIONS:
            path = one.path.replace("<", "").replace(">", "")
            answer = program.ask(one.method, path, {} if one.body else None, Idempotency_Key="12345678")
            denied = answer.status_code == 403
            assert denied == (one.act not in acts), (use, one.name, answer.text)


def test_the_document_names_every_operation_and_form(hire: Hire, office: Office) -> None:
    said = hire("zhangsan", "see").get("/openapi.json")
    assert said == whole.document(office)
    assert {f"values_{one.slug}" for one in editions.offered(office)} < said["components"]["schemas"].keys()
    known = {(path, way) for path, ways in said["paths"].items() for way in ways}
    assert len(known) == len(OPERATIONS)
