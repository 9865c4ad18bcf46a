"""Filling a form with no JavaScript: what is typed stays, faults are shown where they are, files arrive."""

from __future__ import annotations

import io
from typing import Any

import pytest

from andu.office import records
from andu.office.office import Office
from andu.office.writing import attachments, drafts
from andu.office.writing.drafts import Draft
from andu.security import accounts
from tests.conftest import People
from tests.office.conftest import raw_sample
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor


@pytest.fixture
def draft(office: Office, people: People) -> Draft:
    """A clue that 张三 has begun."""
    return drafts.start(office, people.zhangsan, "clue_registration")


def send(visitor: Visitor, draft: Draft, act: str = "save", **typed: Any) -> int:
    """Open the draft, type, press a button; the status of the answer."""
    path = f"/drafts/{draft.id}"
    visitor.get(path)
    return visitor.post(path, {**visitor.filled(path), "act": act, **typed}).status_code


def test_a_chosen_form_begins_a_draft_that_stands_on_the_desk(signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/clue_registration")
    assert visitor.path.startswith("/drafts/")
    visitor.post(visitor.path, visitor.filled(visitor.path) | {"act": "save", "f_place": "某处"})
    visitor.get("/")
    assert visitor.page.xpath("//a[starts-with(@href, '/drafts/')]")


def test_every_form_type_makes_a_sound_page(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    for form_type in office.catalogue.all():
        visitor.get("/new")
        visitor.post(f"/new/{form_type.slug}")
        assert form_type.title in visitor.text()


def test_what_was_typed_comes_back_whether_valid_or_not(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    words = '<b>&"引号"{{ 7*7 }}喆玥堃😀'
    send(visitor, draft, f_place=words, f_registered_at="昨天下午")
    kept = visitor.filled(f"/drafts/{draft.id}")
    assert kept["f_place"] == [words]
    assert kept["f_registered_at"] == ["昨天下午"]


def test_faults_stand_in_a_summary_that_leads_to_each_field(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    assert send(visitor, draft, "submit", f_place="某处") == 422
    links = visitor.page.xpath("//*[@data-summary]//a/@href")
    assert links
    assert visitor.filled(f"/drafts/{draft.id}")["f_place"] == ["某处"]
    beside = visitor.page.xpath("//*[@class='wrong']")
    assert len(beside) == len(links)
    # The page goes on from what it just saved: pressing again is no second editor.
    assert visitor.post(f"/drafts/{draft.id}", visitor.filled(f"/drafts/{draft.id}")).status_code == 200
    assert visitor.path == f"/drafts/{draft.id}"


def test_a_valid_form_becomes_a_record_and_a_second_click_the_same(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    sent = {**raw, "base_revision": "1", "act": "submit"}
    visitor.get(f"/drafts/{draft.id}")
    visitor.post(f"/drafts/{draft.id}", sent)
    first = visitor.path
    assert first.startswith("/records/")
    visitor.post(f"/drafts/{draft.id}", sent)
    assert visitor.path == first
    assert len(records.recent(office, people.zhangsan)) == 1


def test_rows_are_added_and_removed_by_the_server(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    name = "f_reported-{}-name"
    send(visitor, draft, "add:reported", **{name.format(0): "甲"})
    assert send(visitor, draft, "add:reported", **{name.format(1): "乙"}) == 200
    assert visitor.filled(f"/drafts/{draft.id}")[name.format(2)] == [""]
    send(visitor, draft, "drop:reported:0")
    kept = visitor.filled(f"/drafts/{draft.id}")
    assert [kept[name.format(number)] for number in (0, 1)] == [["乙"], [""]]
    assert name.format(2) not in kept


@pytest.mark.parametrize("act", ["add:nothing", "add:place", "drop:nothing:0", "detach:place:x"])
def test_buttons_about_fields_that_are_not_there_do_nothing(
    signed_in: SignedIn, draft: Draft, act: str
) -> None:
    assert send(signed_in("zhangsan"), draft, act) in (200, 404)


def test_an_unknown_button_is_refused(signed_in: SignedIn, draft: Draft) -> None:
    assert send(signed_in("zhangsan"), draft, "erase") == 409


def test_a_chosen_file_is_attached_whatever_button_is_pressed(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    for number, act in enumerate(("attach:files", "save", "submit"), 1):
        file = (io.BytesIO(blank_pdf(b"")), f"证据{number}.pdf")
        send(visitor, draft, act, upload_files=file)
    kept = drafts.get(office, people.zhangsan, draft.id).raw["f_files"]
    names = [found.name for one in kept if (found := attachments.get(office, one))]
    assert names == ["证据1.pdf", "证据2.pdf", "证据3.pdf"]


def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_is_kept(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    send(visitor, draft, "submit", f_place="某处", upload_files=(io.BytesIO(b"MZ not a pdf"), "证据.pdf"))
    assert "不能上传" in visitor.text()
    saved = drafts.get(office, people.zhangsan, draft.id)
    assert saved.raw["f_place"] == ["某处"]
    assert "f_files" not in saved.raw


def test_an_attached_file_comes_back_under_its_name_and_can_be_taken_out(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    send(visitor, draft, "save", upload_files=(io.BytesIO(blank_pdf(b"")), "证据一.pdf"))
    (link,) = visitor.page.xpath("//a[starts-with(@href, '/attachments/')]/@href")
    response = visitor.get(link)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "%E8%AF%81%E6%8D%AE%E4%B8%80.pdf" in response.headers["Content-Disposition"]
    assert signed_in("zhengshier").get(link).status_code == 404
    send(visitor, draft, "detach:files:" + link.rsplit("/", 1)[1])
    assert not visitor.page.xpath("//a[starts-with(@href, '/attachments/')]")


def test_preview_is_the_paper_in_the_browser_and_spends_no_number(
    signed_in: SignedIn, office: Office, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    send(visitor, draft, "preview", f_place="某处")
    (link,) = visitor.page.xpath("//a[contains(@href, 'preview.pdf')]/@href")
    response = visitor.get(link)
    assert (response.mimetype, response.headers["Content-Disposition"]) == ("application/pdf", "inline")
    assert response.data.startswith(b"%PDF")
    assert office.store.rows_where("register") == []


def test_discarding_asks_first(signed_in: SignedIn, office: Office, people: People, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    send(visitor, draft, f_place="某处")
    visitor.get(f"/drafts/{draft.id}/discard")
    assert drafts.mine(office, people.zhangsan)
    visitor.post(f"/drafts/{draft.id}/discard")
    assert visitor.path == "/"
    assert drafts.mine(office, people.zhangsan) == []


def test_autosave_answers_with_the_revision_to_go_on_from(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{draft.id}")
    said = visitor.post(f"/drafts/{draft.id}/autosave", {"f_place": "某处", "base_revision": "1"}).json
    assert said is not None
    assert said["revision"] == 2
    assert "09:02" in said["message"]


def second_editor(office: Office, people: People) -> None:
    """A colleague of 张三 in the same village."""
    accounts.create(
        office.store,
        office.clock,
        people.wujiu,
        username="xiaoer",
        name="小二",
        unit_id="cun1",
        roles=["clerk"],
        password="andu-shili-2026",
        must_change=False,
    )


def test_two_editors_are_told_and_both_texts_are_kept(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    second_editor(office, people)
    first, second = signed_in("zhangsan"), signed_in("xiaoer")
    path = f"/drafts/{draft.id}"
    first.get(path)
    second.get(path)
    second.post(path, {**second.filled(path), "f_place": "东头", "act": "save"})
    first.post(path, {**first.filled(path), "f_place": "西头", "f_reported-0-name": "甲", "act": "save"})
    assert first.path.endswith("/beside")
    assert "小二" in first.text()
    rows = [" ".join(row.text_content().split()) for row in first.page.xpath("//tbody/tr")]
    assert any("发生地点" in row and "东头" in row and "西头" in row for row in rows)
    assert any("第 1 行" in row and "甲" in row for row in rows)
    texts = {one.raw["f_place"][0] for one in drafts.mine(office, people.zhangsan)}
    assert texts == {"东头", "西头"}


def test_autosave_of_a_second_editor_goes_on_in_a_copy(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    second_editor(office, people)
    first, second = signed_in("zhangsan"), signed_in("xiaoer")
    for visitor in (first, second):
        visitor.get(f"/drafts/{draft.id}")
    second.post(f"/drafts/{draft.id}/autosave", {"f_place": "东头", "base_revision": "1"})
    answer = first.post(f"/drafts/{draft.id}/autosave", {"f_place": "西头", "base_revision": "1"})
    assert (answer.status_code, answer.json is not None) == (409, True)
    copy = answer.json["copy"]  # type: ignore[index]
    again = first.post(copy["autosave"], {"f_place": "西头第二家", "base_revision": copy["revision"]})
    assert again.status_code == 200
    assert {one.raw["f_place"][0] for one in drafts.mine(office, people.zhangsan)} == {"东头", "西头第二家"}


def test_a_colleague_never_sees_the_confidential_answers(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    second_editor(office, people)
    raw = raw_sample(office, people.zhangsan, "clue_registration", reporter_name="保密姓名甲", summary="")
    drafts.save(office, people.zhangsan, draft.id, raw, draft.revision)
    colleague = signed_in("xiaoer")
    assert send(colleague, draft, "submit") == 200
    assert "只能由填写它的人提交" in colleague.page.text_content()
    assert office.store.count("record") == 0
    assert "保密姓名甲" not in colleague.text()
    assert "f_reporter_name" not in colleague.filled(f"/drafts/{draft.id}")
    author = signed_in("zhangsan")
    author.get(f"/drafts/{draft.id}")
    assert author.filled(f"/drafts/{draft.id}")["f_reporter_name"] == ["保密姓名甲"]


def test_a_draft_does_not_exist_for_another_unit(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhengshier")
    for path in ("", "/discard", "/preview.pdf", "/beside"):
        assert visitor.get(f"/drafts/{draft.id}{path}").status_code == 404
    assert visitor.post(f"/drafts/{draft.id}", {"base_revision": "1", "act": "save"}).status_code == 404


def test_only_declared_inputs_are_read(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    extra = {"f_state": "filed", "state": "filed", "unit_id": "shb", "f___proto__": "x", "f_number": "1"}
    send(signed_in("zhangsan"), draft, "save", f_place="某处", **extra)
    assert not {"f_state", "f___proto__", "f_number"} & set(drafts.get(office, people.zhangsan, draft.id).raw)


def test_brackets_that_will_be_put_right_are_told_beside_the_field_and_after_handing_in(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    wrong = "按照示发【2026】2号文件，现通知如下。"
    plan = [{"title": "示例方案", "text": "(一) 总则"}]
    raw = raw_sample(office, people.wangwu, "official_notice", body=wrong, attachments=plan)
    draft = drafts.start(office, people.wangwu, "official_notice", raw)
    visitor = signed_in("wangwu")
    visitor.get(f"/drafts/{draft.id}")
    (note,) = visitor.page.xpath("//*[@data-key='body']/*[@class='note']")
    assert "“【2026】2号”改为“〔2026〕2号”" in note.text_content()
    assert note.get("id") in visitor.page.xpath("//textarea[@name='f_body']/@aria-describedby")[0]
    assert "第 1 行" in visitor.page.xpath("string(//*[@data-key='attachments']/*[@class='note'])")
    assert visitor.filled(f"/drafts/{draft.id}")["f_body"] == [wrong], "what was typed is not touched"
    visitor.post(f"/drafts/{draft.id}", {**visitor.filled(f"/drafts/{draft.id}"), "act": "submit"})
    assert "正文：提交时按公文格式改括号" in visitor.page.text_content()
    assert "示发〔2026〕2号" in visitor.text() and "（一）总则" in visitor.text()


def test_a_unit_that_follows_from_an_answer_is_chosen_where_nobody_chose_another(
    signed_in: SignedIn,
) -> None:
    zhang = signed_in("zhangsan")
    zhang.get("/new")
    zhang.post("/new/clue_handover")
    path = zhang.path
    (unit,) = zhang.page.xpath("//select[@name = 'f_receiver_unit']")
    assert (unit.value, unit.get("data-follows")) == ("shb", "purpose"), "the answer it begins with"

    def saved(**answers: str) -> str:
        zhang.post(path, {**zhang.filled(path), **answers, "act": "save"})
        zhang.get(path)
        return str(zhang.page.xpath("string(//select[@name = 'f_receiver_unit']/option[@selected]/@value)"))

    assert saved(f_purpose="移送有关单位办理", f_receiver_unit="") == ""
    assert saved(f_purpose="报镇扫黑办登记", f_receiver_unit="") == "shb"
    assert saved(f_purpose="移送镇纪委", f_receiver_unit="pcs") == "pcs", "a choice is left alone"
