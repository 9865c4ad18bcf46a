"""A case and its deadlines, as the people of the office meet them on their screens."""

from __future__ import annotations

from andu.clock import FixedClock
from andu.office import prefill, records, submitting
from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.conftest import SignedIn

A_DAY = 24 * 3600
TODAY = "2026-11-22T09:00"


def registered(submit: Submit, sign: Sign, people: People) -> Record:
    """A clue of 示例一村, numbered this morning."""
    record = submit(people.zhangsan, "clue_registration", registered_at=TODAY)
    return sign(people.lisi, sign(people.zhangsan, record))


def handed_over(office: Office, sign: Sign, people: People, clue: Record) -> Record:
    """The same clue, handed to 镇扫黑办."""
    draft = prefill.start_from(office, people.zhangsan, "clue_handover", clue.id)
    raw = raw_sample(office, people.zhangsan, "clue_handover", receiver_unit="shb")
    carried = {name: value for name, value in draft.raw.items() if name.startswith("f_clue")}
    raw = {**raw, **carried}
    record = submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    record = sign(people.zhangsan, record)
    copies = sum(item["copies"] for item in record.values["items"])
    received = {
        "received_at": TODAY,
        "received_copies": copies,
        "check_result": "齐全",
        "disposition": "登记",
    }
    return sign(people.wangwu, record, **received)


def test_a_registered_clue_has_to_be_handed_over_the_same_day(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign, clock: FixedClock
) -> None:
    clue = registered(submit, sign, people)
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" in visitor.text()
    assert "2026年11月22日 23:59 前办" in visitor.text()
    assert "墩发〔2022〕13号 三（二）2" in visitor.text()
    assert "已超期" not in visitor.text()
    clock.advance(A_DAY)
    for name in ("zhangsan", "lisi", "zhaoliu", "sunqi"):
        visitor = signed_in(name)
        visitor.get("/")
        assert "已超期" in visitor.text(), name
    visitor = signed_in("zhengshier")
    visitor.get("/")
    assert clue.title not in visitor.text(), "another village has nothing to do with it"


def test_the_handover_meets_the_deadline_and_joins_the_case(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    slip = handed_over(office, sign, people, clue)
    assert records.find(office, slip.id).case_id == clue.id
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" not in visitor.text()
    visitor.get(f"/records/{clue.id}")
    assert "按期办结" in visitor.text()
    (link,) = visitor.page.xpath("//main//a[starts-with(@href, '/cases/')]/@href")
    visitor.get(link)
    assert "共 2 份材料" in visitor.text()
    for word in ("线索登记表", "线索移交单", "DJ-XS-2026-0001", "YJ-2026-0001", "按期办结"):
        assert word in visitor.text()


def test_voiding_the_handover_opens_the_deadline_again(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    slip = handed_over(office, sign, people, clue)
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{slip.id}")
    (link,) = visitor.page.xpath("//main//a[contains(@href, '/void')]/@href")
    visitor.get(link)
    visitor.post(link, {"reason": "开错了", "password": PASSWORD})
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" in visitor.text()


def test_a_case_shows_each_reader_only_what_is_theirs(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    assert signed_in("zhengshier").get(f"/cases/{clue.id}").status_code == 404
    assert signed_in("zhaoliu").get(f"/cases/{clue.id}").status_code == 200
    assert signed_in("zhaoliu").get("/cases/none").status_code == 404


def test_a_corrected_time_of_registration_counts_anew(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "clue_registration", registered_at="2026-11-21T23:00")
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "已超期" in visitor.text()
    draft = submitting.revise(office, people.zhangsan, record.id)
    raw = {**draft.raw, "f_registered_at": ["2026-11-22 00:10"]}
    submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    visitor.get("/")
    assert "已超期" not in visitor.text()
    assert "2026年11月22日 23:59 前办" in visitor.text()
