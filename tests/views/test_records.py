"""A record's page: where it is, what it says, who signed, and what may be done with it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from andu.office import records
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts
from andu.papers.pdf.waiting import Line, TooMany
from andu.security import audit
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def test_the_page_says_in_one_sentence_where_it_is_who_is_next_and_why_no_number(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{record.id}")
    text = visitor.text()
    assert "等待“承办单位主要负责人”签字。" in text
    assert "下一步：李四（示例一村）" in text
    assert "为什么还没有编号" in text


def test_a_filed_record_offers_its_paper_in_every_way(signed_in: SignedIn, filed: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{filed.id}")
    links = visitor.page.xpath("//main//a/@href")
    for ending in ("/open", "/print", "/download/docx", "/download/pdf"):
        assert any(link.endswith(ending) for link in links)
    assert "BJ-2026-0001" in visitor.text()
    assert "为什么还没有编号" not in visitor.text()


def test_values_and_table_rows_stand_under_their_labels(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "clue_handover", receiver_unit="shb")
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{record.id}")
    facts = {
        " ".join(one.find("dt").text_content().split()): one.find("dd")
        for one in visitor.page.xpath("//dl[@class='facts']/div")
    }
    assert facts["接收单位"].text_content().strip() == "镇扫黑办"
    assert facts["移交材料清单"].xpath(".//tbody/tr")


def test_a_voided_signature_is_struck_out_with_the_reason(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    sign(people.lisi, record)
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{record.id}")
    visitor.post(f"/records/{record.id}/revise")
    draft_path = visitor.path
    raw = raw_sample(office, people.zhangsan, "completion_report", problems="补充后的问题")
    visitor.post(draft_path, {**visitor.filled(draft_path), **raw, "act": "submit"})
    assert visitor.path == f"/records/{record.id}"
    assert visitor.page.xpath("//tr[@class='struck']")
    assert "张三 修改了内容" in visitor.text()
    lapsed = signed_in("lisi").page.xpath("//section[.//h2[@id='lapsed']]")
    assert "张三 修改了内容" in lapsed[0].text_content()


def test_only_the_filing_unit_may_revise(signed_in: SignedIn, people: People, submit: Submit) -> None:
    record = submit(people.zhangsan, "completion_report")
    director = signed_in("zhaoliu")
    director.get(f"/records/{record.id}")
    assert not director.page.xpath("//form[contains(@action, '/revise')]")
    assert director.post(f"/records/{record.id}/revise").status_code == 403


def test_the_next_form_begins_with_what_is_known(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "clue_registration")
    record = sign(people.lisi, sign(people.zhangsan, record))
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{record.id}")
    visitor.post("/new/clue_handover", {"from": record.id})
    (draft,) = drafts.mine(office, people.zhangsan)
    assert visitor.path == f"/drafts/{draft.id}"
    assert any("DJ-XS-2026-0001" in "".join(typed) for typed in draft.raw.values())


def test_a_record_does_not_exist_for_another_unit(signed_in: SignedIn, filed: Record, office: Office) -> None:
    visitor = signed_in("zhengshier")
    (row,) = office.store.rows_where("register")
    for path in (
        f"/records/{filed.id}",
        f"/records/{filed.id}/sign",
        f"/records/{filed.id}/paper/1.png",
        f"/records/{filed.id}/preview.pdf",
        f"/records/{filed.id}/confidential",
        f"/register/{row['id']}/open",
        f"/register/{row['id']}/download/docx",
    ):
        assert visitor.get(path).status_code == 404, path
    assert visitor.post(f"/records/{filed.id}/revise").status_code == 404


def test_looking_is_noted(signed_in: SignedIn, office: Office, filed: Record) -> None:
    signed_in("zhangsan").get(f"/records/{filed.id}")
    newest = audit.recent(office.store, "cun1", 1)[0]
    assert (newest.event, newest.data["record"]) == ("record_viewed", filed.id)


def test_there_is_no_picture_of_a_page_that_is_not_there(signed_in: SignedIn, filed: Record) -> None:
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/records/{filed.id}/paper/1.png").mimetype == "image/png"
    assert visitor.get(f"/records/{filed.id}/paper/0.png").status_code == 404
    assert visitor.get(f"/records/{filed.id}/paper/2.png").status_code == 404


def test_a_paper_that_cannot_be_drawn_does_not_hide_the_record(
    signed_in: SignedIn, office: Office, filed: Record
) -> None:
    (row,) = office.store.rows_where("register")
    path = next(office.settings.instance.rglob(f"*{row['pdf_sha'][4:]}*"))
    path.chmod(0o600)
    path.write_bytes(b"altered")
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/records/{filed.id}").status_code == 200
    assert visitor.get(f"/records/{filed.id}/paper").status_code == 200
    assert "纸面图片暂时没有生成" in visitor.text()


def test_a_page_that_waits_for_its_paper_says_how_many_are_ahead(
    settings: Settings, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    office = Office.open(settings)  # with a line of its own, whose only place is taken
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("zhangsan", PASSWORD)
    line: Line[str] = Line(settings.instance / "waiting", ["only place"])
    with ThreadPoolExecutor() as threads, line.turn("somebody"):
        leave = threading.Event()

        def wait() -> None:
            with line.turn(people.zhangsan.id):
                leave.wait()

        threads.submit(wait)
        while not line.ahead(people.zhangsan.id):
            pass
        said = visitor.client.get(f"/records/{record.id}/paper/waiting").json
        leave.set()
    assert said == {"ahead": 1, "message": "前面还有 1 份文书在生成，请稍候…"}
    said = visitor.client.get(f"/records/{record.id}/paper/waiting").json
    assert said == {"ahead": 0, "message": "正在生成纸面图片…"}
    office.store.close()


def test_whoever_has_too_many_papers_under_way_is_told_to_wait_and_not_that_there_is_none(
    settings: Settings, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")

    def too_many(_docx: bytes, asked_by: str | None = None) -> bytes:
        assert asked_by == people.zhangsan.id
        raise TooMany("请等它们生成好了再打开这一份。")

    office = Office.open(settings, too_many)
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("zhangsan", PASSWORD)
    visitor.get(f"/records/{record.id}/paper")
    assert "请等它们生成好了" in visitor.text()
    assert visitor.page.xpath("//*[@data-again]//a")
    assert visitor.get(f"/records/{record.id}/preview.pdf").status_code == 409
    assert "请等它们生成好了" in visitor.text()
    office.store.close()


@pytest.fixture
def clue(people: People, submit: Submit) -> Record:
    """A clue whose reporter is confidential."""
    return submit(people.zhangsan, "clue_registration", reporter_name="保密姓名甲")


def test_confidential_answers_are_shown_after_a_reason_and_the_look_is_noted(
    signed_in: SignedIn, office: Office, clue: Record
) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{clue.id}")
    assert "保密姓名甲" not in visitor.text()
    visitor.get(f"/records/{clue.id}/confidential")
    visitor.post(f"/records/{clue.id}/confidential", {"reason": ""})
    assert "保密姓名甲" not in visitor.text()
    for wrong in ({"reason": "。", "password": PASSWORD}, {"reason": "回访", "password": "another-one"}):
        visitor.post(f"/records/{clue.id}/confidential", wrong)
        assert "保密姓名甲" not in visitor.text()
    visitor.post(f"/records/{clue.id}/confidential", {"reason": "回访", "password": PASSWORD})
    assert "保密姓名甲" in visitor.text()
    newest = audit.recent(office.store, "cun1", 1)[0]
    assert (newest.event, newest.data["reason"]) == ("confidential_viewed", "回访")


def test_the_head_who_signs_does_not_see_who_reported(signed_in: SignedIn, clue: Record) -> None:
    visitor = signed_in("lisi")
    visitor.get(f"/records/{clue.id}")
    assert "保密姓名甲" not in visitor.text()
    assert not visitor.page.xpath("//a[contains(@href, 'confidential')]")
    assert visitor.post(f"/records/{clue.id}/confidential", {"reason": "看看"}).status_code == 403


def test_a_voided_number_is_said_on_the_page(
    signed_in: SignedIn, office: Office, people: People, filed: Record
) -> None:
    (row,) = office.store.rows_where("register")
    voiding.void(office, people.zhaoliu, row["id"], "重复登记", "andu-shili-2026", "")
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{filed.id}")
    assert "编号 BJ-2026-0001 已作废" in visitor.text()
    assert "理由：重复登记" in visitor.text()
    assert records.find(office, filed.id).state == "voided"


def test_what_came_back_stands_once_on_the_desk_of_who_mends_it(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))
    signatures.decline(
        office, people.lisi, record.id, record.version, "发生地点没有写。", PASSWORD, "10.0.0.1"
    )
    visitor = signed_in("zhangsan")
    visitor.get("/")
    (back,) = visitor.page.xpath("//section[.//h2[@id='returned']]")
    assert "发生地点没有写。" in back.text_content()
    assert not visitor.page.xpath("//h2[@id='lapsed']"), "their own signature went with it, as they know"
