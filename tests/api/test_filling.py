"""A program fills forms through the same acts as the screen; asking twice makes nothing twice."""

from __future__ import annotations

import json

import pytest
from werkzeug.test import TestResponse

from andu.office import editions
from andu.office.office import Office
from andu.office.writing import drafts
from tests.api.conftest import Hire, Program, values_of
from tests.api.test_reading import SECRET, fits
from tests.conftest import People

FORM = "completion_report"


def counted(office: Office) -> tuple[int, int]:
    return office.store.count("draft"), office.store.count("record")


def test_a_draft_is_begun_changed_and_handed_in(hire: Hire, office: Office, people: People) -> None:
    program = hire("zhangsan", "fill")
    values = values_of(office, people.zhangsan, FORM)
    made = program.make("/drafts", {"form": FORM, "values": {}})
    assert made.status_code == 201, made.text
    fits("Draft", made.json)
    changed = program.ask("PUT", f"/drafts/{made.json['id']}", {"revision": 1, "values": values})
    assert changed.status_code == 200, changed.text
    assert changed.json["values"] == program.get(f"/drafts/{made.json['id']}")["values"]
    assert values.items() <= changed.json["values"].items()
    send = ("POST", f"/drafts/{made.json['id']}/submit", {"revision": changed.json["revision"]})
    first = program.ask(*send)
    assert first.status_code == 201, first.text
    fits("Record", first.json)
    again = program.ask(*send)
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    assert counted(office) == (0, 1)


def test_a_record_is_handed_in_at_once_and_never_twice(hire: Hire, office: Office, people: People) -> None:
    program = hire("zhangsan", "fill")
    said = {"form": FORM, "values": values_of(office, people.zhangsan, FORM)}
    first = program.make("/records", said, key="the-same-key")
    assert first.status_code == 201, first.text
    assert program.make("/records", said, key="the-same-key").json == first.json
    assert counted(office) == (0, 1)
    other = {**said, "values": {**said["values"], "summary": "另一件事"}}
    assert program.make("/records", other, key="the-same-key").status_code == 409
    assert counted(office) == (0, 1)


def test_a_draft_is_never_begun_twice_and_keys_are_each_persons_own(hire: Hire, office: Office) -> None:
    program = hire("zhangsan", "fill")
    said = {"form": FORM, "values": {}}
    first = program.make("/drafts", said, key="the-same-key").json
    assert program.make("/drafts", said, key="the-same-key").json == first
    other = hire("lisi", "fill").make("/drafts", said, key="the-same-key").json
    assert other["id"] != first["id"]
    assert counted(office) == (2, 0)


def test_a_token_for_some_forms_fills_no_other(hire: Hire, office: Office) -> None:
    program = hire("zhangsan", "fill", forms=("clue_registration",))
    assert program.make("/drafts", {"form": FORM, "values": {}}).status_code == 403
    assert program.make("/drafts", {"form": "clue_registration", "values": {}}).status_code == 201
    assert counted(office) == (1, 0)


def test_what_is_wrong_is_named_by_field_and_leaves_nothing_behind(
    hire: Hire, office: Office, people: People
) -> None:
    program = hire("zhangsan", "fill")
    values = values_of(office, people.zhangsan, FORM)
    key = next(iter(values))
    for wrong in ({k: v for k, v in values.items() if k != key}, {**values, key: [1]}, {**values, "no": 1}):
        answer = program.make("/records", {"form": FORM, "values": wrong}, key="tried-again")
        assert answer.status_code == 422, answer.text
        fits("Problem", answer.json)
        assert {one["key"] for one in answer.json["errors"]} == {"no" if "no" in wrong else key}
    assert counted(office) == (0, 0)
    assert program.make("/records", {"form": FORM, "values": values}, key="tried-again").status_code == 201


def test_nothing_confidential_comes_from_a_program(hire: Hire, office: Office, people: People) -> None:
    program = hire("zhangsan", "fill")
    values = values_of(office, people.zhangsan, "clue_registration")
    answer = program.make(
        "/drafts", {"form": "clue_registration", "values": {**values, "reporter_name": SECRET}}
    )
    assert answer.status_code == 422
    assert [one["key"] for one in answer.json["errors"]] == ["reporter_name"]
    assert office.store.count("sealed") == 0


def test_a_program_neither_reads_nor_hands_in_what_its_person_typed_in_confidence(
    hire: Hire, office: Office, people: People
) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration", {"f_reporter_name": [SECRET]})
    program = hire("zhangsan", "fill")
    said = program.ask("GET", f"/drafts/{draft.id}")
    assert said.status_code == 200 and SECRET not in said.text
    values = values_of(office, people.zhangsan, "clue_registration")
    changed = program.ask("PUT", f"/drafts/{draft.id}", {"revision": 1, "values": values})
    assert changed.status_code == 200
    assert program.ask("POST", f"/drafts/{draft.id}/submit", {"revision": 2}).status_code == 403
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_reporter_name"] == [SECRET]


def test_a_program_does_not_write_over_what_somebody_saved(
    hire: Hire, office: Office, people: People
) -> None:
    program = hire("zhangsan", "fill")
    made = program.make("/drafts", {"form": FORM, "values": {}}).json
    drafts.save(office, people.zhangsan, made["id"], {"f_summary": ["我写的"]}, 1)
    late = program.ask("PUT", f"/drafts/{made['id']}", {"revision": 1, "values": {"summary": "程序写的"}})
    assert late.status_code == 409
    assert counted(office) == (1, 0)


def test_what_a_program_writes_is_in_the_audit_log_with_its_token(hire: Hire, office: Office) -> None:
    program = hire("zhangsan", "fill")
    made = program.make("/drafts", {"form": FORM, "values": {}}).json
    rows = office.store.rows_where("audit", "event IN ('token_used', 'draft_started')", order_by="chain, seq")
    assert [row["event"] for row in rows[-2:]] == ["token_used", "draft_started"]
    used = json.loads(rows[-2]["data"])
    assert used["act"] == "begin" and used["token"] == office.store.rows_where("token")[0]["id"]
    assert json.loads(rows[-1]["data"])["draft"] == made["id"]


@pytest.mark.parametrize(
    ("said", "headers", "status"),
    [
        ({"form": FORM, "values": {}}, {}, 400),
        ({"form": FORM, "values": {}}, {"Idempotency_Key": "short"}, 400),
        ({"form": FORM}, {"Idempotency_Key": "12345678"}, 400),
        ({"form": FORM, "values": {}, "state": "filed"}, {"Idempotency_Key": "12345678"}, 400),
        ({"form": 1, "values": {}}, {"Idempotency_Key": "12345678"}, 400),
        ([], {"Idempotency_Key": "12345678"}, 400),
        (None, {"Idempotency_Key": "12345678"}, 415),
        ({"form": "nothing", "values": {}}, {"Idempotency_Key": "12345678"}, 404),
    ],
)  # fmt: skip
def test_what_is_sent_wrongly_is_a_problem_in_words(
    said: object, headers: dict[str, str], status: int, hire: Hire, office: Office
) -> None:
    answer = hire("zhangsan", "fill").ask("POST", "/drafts", said, **headers)
    assert answer.status_code == status, answer.text
    fits("Problem", answer.json)
    assert counted(office) == (0, 0)


def test_a_browser_of_another_site_cannot_act_through_the_interface(hire: Hire, office: Office) -> None:
    answer = hire("zhangsan", "fill").ask(
        "POST", "/drafts", {"form": FORM, "values": {}}, Idempotency_Key="12345678", Origin="http://other"
    )
    assert answer.status_code == 403
    assert counted(office) == (0, 0)


# --- attachments -----------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
FILE = "application/octet-stream"


def sent(
    program: Program, draft: str, data: bytes, key: str, name: str = "照片.png", **more: str
) -> TestResponse:
    return program.client.post(
        f"/api/v1/drafts/{draft}/attachments/{more.get('field', 'files')}",
        query_string={"name": name} if name else {},
        data=data,
        content_type=more.get("content_type", FILE),
        headers={"Authorization": f"Bearer {program.secret}", "Idempotency-Key": key},
    )


def test_a_file_goes_with_a_draft_into_its_record_and_comes_back(
    hire: Hire, office: Office, people: People
) -> None:
    program = hire("zhangsan", "fill", "fetch")
    values = values_of(office, people.zhangsan, FORM)
    draft = program.make("/drafts", {"form": FORM, "values": values}).json["id"]
    held = sent(program, draft, PNG, "the-same-key")
    assert held.status_code == 201, held.text
    fits("Attached", held.json)
    assert sent(program, draft, PNG, "the-same-key").json == held.json
    assert sent(program, draft, PNG + b"1", "the-same-key").status_code == 409
    assert office.store.count("attachment") == 1
    said = program.ask("POST", f"/drafts/{draft}/submit", {"revision": held.json["revision"]})
    assert said.status_code == 201, said.text
    assert (
        [one["id"] for one in said.json["attachments"]] == [held.json["id"]] == said.json["values"]["files"]
    )
    path = f"/records/{said.json['id']}/attachments/{held.json['id']}"
    assert program.ask("GET", path).data == PNG
    assert hire("zhangsan", "see", "fill").ask("GET", path).status_code == 403
    assert hire("zhengshier", "see", "fetch").ask("GET", path).status_code == 404
    assert hire("zhangsan", "fetch", forms=("clue_registration",)).ask("GET", path).status_code == 404
    told = [row["event"] for row in office.store.rows_where("audit", "chain = 'cun1'", order_by="seq")]
    assert {"attachment_added", "attachment_downloaded", "token_used"} < set(told)


@pytest.mark.parametrize(
    ("data", "more", "status"),
    [
        (b"MZ\x90\0" + b"\0" * 64, {}, 409), (PNG, {"name": "照片.pdf"}, 409), (b"", {}, 409),
        (PNG, {"name": ""}, 400), (PNG, {"key": "short"}, 400), (PNG, {"content_type": "text/plain"}, 415),
        (PNG, {"field": "summary"}, 404), (PNG, {"field": "nothing"}, 404),
    ],
)  # fmt: skip
def test_a_file_that_does_not_do_is_a_problem_in_words(
    data: bytes, more: dict[str, str], status: int, hire: Hire, office: Office
) -> None:
    program = hire("zhangsan", "fill")
    draft = program.make("/drafts", {"form": FORM, "values": {}}).json["id"]
    answer = sent(program, draft, data, **{"key": "12345678", **more})
    assert answer.status_code == status, answer.text
    fits("Problem", answer.json)
    assert sent(hire("lisi", "see"), draft, PNG, "12345678").status_code == 403
    assert sent(hire("zhengshier", "fill"), draft, PNG, "12345678").status_code == 404
    assert office.store.count("attachment") == 0


def test_what_a_confidential_answer_holds_goes_neither_in_nor_out(
    hire: Hire, office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = hire("zhangsan", "fill", "fetch")
    values = values_of(office, people.zhangsan, FORM)
    draft = program.make("/drafts", {"form": FORM, "values": values}).json["id"]
    held = sent(program, draft, PNG, "12345678").json
    made = program.ask("POST", f"/drafts/{draft}/submit", {"revision": held["revision"]}).json
    fields = editions.current(office, FORM).form_type.fields
    for field in (one for one in fields if one.key == "files"):
        object.__setattr__(field, "confidential", True)
    try:
        assert program.ask("GET", f"/records/{made['id']}").json["attachments"] == []
        assert program.ask("GET", f"/records/{made['id']}/attachments/{held['id']}").status_code == 404
    finally:
        for field in fields:
            object.__setattr__(field, "confidential", False)
