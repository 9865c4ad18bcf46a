"""Each kind of field: what a clerk may type, what it means, how it looks, and what is said of the rest."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andu.formtypes.definition import Field
from andu.formtypes.directory import NoDirectory, PlainDirectory, PlainPerson
from andu.formtypes.kinds import KINDS, Start
from andu.formtypes.kinds.cleaning import readable, trimmed, trimmed_lines
from andu.formtypes.kinds.identity import check_digit
from tests.formtypes.making import answered, form_of, messages, typed

NOBODY = NoDirectory()


def field_of(text: str) -> Field:
    return form_of(f"- {{key: a, label: 甲, {text}}}").field("a")


def read(text: str, *raws: str) -> Any:
    field = field_of(text)
    return KINDS[field.kind].parse(field, list(raws), NOBODY)


def refused(text: str, *raws: str) -> str:
    with pytest.raises(ValueError) as why:
        read(text, *raws)
    return str(why.value)


# --- text -------------------------------------------------------------------------------------------

AS_TYPED = [
    "A&B <关于> \"引号\" '单' “双”",
    "{{ 7*7 }} {% raw %}",
    "👨‍👩‍👧 😀",
    "喆玥堃昇瑄彧",
    "𠮷𡈽",
    "No. 1",
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_text_stays_as_it_was_typed(text: str) -> None:
    assert read("kind: text", text) == text
    assert read("kind: longtext", f"{text}\n\n{text}") == f"{text}\n\n{text}"


def test_spaces_around_a_name_are_dropped_also_wide_ones() -> None:
    assert read("kind: text", " \u3000\u00a0张三\u3000 \n") == "张三"
    assert read("kind: text", "张\u3000三") == "张\u3000三"


def test_what_word_leaves_behind_is_dropped() -> None:
    assert read("kind: text", "\ufeff线\u00ad索\u200b登\u2060记\u202e\ufffc") == "线索登记"
    assert (
        read("kind: longtext", "\u3000\u3000第一段\u00a0\r\n\u3000\u3000第二段\x0b第三段\r第四段")
        == "第一段\n第二段\n第三段\n第四段"
    )
    assert read("kind: text", "第一行\n第二行") == "第一行 第二行"


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert read("kind: text", "a\x00\x01\x1f\x7f\x9f\ud800\ufffe\uffff\U0001fffeb") == "ab"


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaned_text_is_always_fit_for_paper_and_cleaning_again_changes_nothing(raw: str) -> None:
    for clean in (trimmed, trimmed_lines):
        text = clean(raw)
        assert clean(text) == text
        assert not any(
            ord(one) < 32 and one not in "\n\t" or 0x7F <= ord(one) < 0xA0 or 0xD800 <= ord(one) < 0xE000
            for one in text
        )
        assert text == text.strip(" \t\n\u3000")
    assert "\n" not in trimmed(raw)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=50))
def test_visible_characters_all_stay(raw: str) -> None:
    assert readable(raw) == raw


def test_lengths_are_counted_in_characters() -> None:
    assert read("kind: text, max_length: 3", "喆玥𠮷") == "喆玥𠮷"
    assert refused("kind: text, max_length: 3", "喆玥堃昇") == "最多 3 个字，现在有 4 个"
    assert refused("kind: text, min_length: 3", "喆") == "至少 3 个字，现在有 1 个"
    assert len(read("kind: longtext", "长" * 3000)) == 3000


@pytest.mark.parametrize("text", ["秘密★1年", "机密 ★", "绝密☆长期", "正文里有 机 密★ 二字"])
def test_text_with_a_secrecy_mark_is_refused(text: str) -> None:
    for kind in ("text", "longtext"):
        assert refused(f"kind: {kind}", text) == "涉密内容不得录入本系统，请按机要渠道办理"


def test_word_secret_alone_is_no_mark() -> None:
    assert read("kind: text", "保守秘密，防止泄露") == "保守秘密，防止泄露"


def test_half_width_text_keeps_chinese_punctuation() -> None:
    assert (
        read("kind: text, half_width: true", "示扫组发〔２０２６〕２号（Ａ）") == "示扫组发〔2026〕2号（A）"
    )
    assert read("kind: text", "２") == "２"


def test_digits_only() -> None:
    setting = "kind: text, digits: true, min_length: 6, max_length: 6"
    assert read(setting, "１２３ 4-56") == "123456"
    assert refused(setting, "12345a") == "请只填写数字"
    assert refused(setting, "1234567") == "应当是 6 个字，现在有 7 个"


def test_what_the_paper_sets_itself_is_dropped() -> None:
    assert read('kind: text, drop_end: "：:"', "各村党总支： ") == "各村党总支"
    assert read("kind: text, unwrap: （）", "（联系人：张三）") == "联系人：张三"
    assert read("kind: text, unwrap: （）", "（张三）电话（李四）") == "（张三）电话（李四）"
    assert read("kind: text, unwrap: （）", "联系人：张三（综治办）") == "联系人：张三（综治办）"
    assert read("kind: longtext, blank_lines: false", "一\n\n\n二") == "一\n二"


# --- numbers, days, phones --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3", 3),
        ("１２", 12),
        (" 3 份", 3),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("2.50", 2.5),
        ("-4", -4),
        ("+4", 4),
        ("007", 7),
        ("3.0", 3),
    ],
)
def test_number_is_understood(raw: str, value: float) -> None:
    found = read("kind: number, unit: 份", raw)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "raw", ["三", "1,2", "12,34", "1e3", "nan", "inf", "3-4", "٣", "²", "0x1", "1" * 16, "--1"]
)
def test_number_is_asked_for_with_an_example(raw: str) -> None:
    assert refused("kind: number, example: 12", raw) == "请填写数字，例如 12"


def test_number_keeps_its_bounds() -> None:
    assert refused("kind: number, min: 1", "0") == "不能小于 1"
    assert refused("kind: number, max: 9", "9.5") == "不能大于 9"
    assert refused("kind: number, integer: true", "1.5") == "请填写整数，例如 3"
    assert refused("kind: number, decimals: 1", "1.25") == "小数点后最多 1 位"
    assert refused("kind: number", "1000000000001") == "不能大于 1000000000000"


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "2026年11月22日",
        "20261122",
        "２０２６－１１－２２",
        "2026 年 11 月 22 日",
        "\u30002026年11月22\u00a0日",
    ],
)
def test_day_is_understood_as_people_write_it(raw: str) -> None:
    assert read("kind: date", raw) == "2026-11-22"


@pytest.mark.parametrize(
    "raw", ["2026-02-30", "2026-13-01", "22/11/2026", "明天", "2026-11", "1822-11-22", "0000-00-00"]
)
def test_day_that_is_none_is_refused_with_an_example(raw: str) -> None:
    assert refused("kind: date", raw) == "请填写日期，例如 2026-11-22"


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-22T14:30",
        "2026-11-22 14:30",
        "2026-11-22 14:30:59",
        "2026年11月22日14时30分",
        "2026年11月22日 下午2点30分",
        "２０２６／１１／２２　１４：３０",
        "20261122 14:30",
        "2026.11.22 14点30",
        "2026-11-22T14:30:00.000",
        "2026 年 11 月 22 日 14 时 30 分",
    ],
)
def test_moment_is_understood_as_people_write_it(raw: str) -> None:
    assert read("kind: datetime", raw) == "2026-11-22T14:30"


def test_days_keep_their_range() -> None:
    setting = "kind: date, earliest: 2026-01-01, latest: 2026-12-31"
    assert read(setting, "20260101") == "2026-01-01"
    assert refused(setting, "2025-12-31") == "不能早于 2026-01-01"
    assert refused(setting.replace("date,", "datetime,"), "2027-01-01 00:00") == "不能晚于 2026-12-31"
    assert KINDS["date"].sample(field_of(setting), NOBODY, {}) == "2026-01-01"


def test_whole_hours_are_understood() -> None:
    assert read("kind: datetime", "2026年11月22日9时") == "2026-11-22T09:00"
    assert read("kind: datetime", "2026-11-22 下午3点整") == "2026-11-22T15:00"


@pytest.mark.parametrize(
    "raw", ["2026-11-22", "2026-11-22 25:00", "2026-11-22 14:61", "14:30", "2026-11-22 午后"]
)
def test_moment_that_is_none_is_refused_with_an_example(raw: str) -> None:
    assert refused("kind: datetime", raw) == "请填写日期和时间，例如 2026-11-22 14:30"


def test_days_and_moments_on_paper_and_in_ledgers() -> None:
    day, moment = field_of("kind: date"), field_of("kind: datetime")
    assert KINDS["date"].paper(day, "2026-03-05", NOBODY) == "2026年3月5日"
    assert KINDS["date"].ledger(day, "2026-03-05", NOBODY) == "2026-03-05"
    assert KINDS["datetime"].paper(moment, "2026-03-05T09:05", NOBODY) == "2026年3月5日 09:05"
    assert KINDS["datetime"].ledger(moment, "2026-03-05T09:05", NOBODY) == "2026-03-05 09:05"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("１３８００００００００", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("0555-2345678", "0555-2345678"),
        ("(0555)2345678", "0555-2345678"),
        ("（０５５５）2345678", "0555-2345678"),
        ("0555 2345678转801", "0555-2345678-801"),
        ("010-62345678", "010-62345678"),
        ("02162345678", "021-62345678"),
        ("0555—2345678", "0555-2345678"),
    ],
)
def test_phone_is_understood(raw: str, value: str) -> None:
    assert read("kind: phone", raw) == value


@pytest.mark.parametrize(
    "raw", ["2345678", "12800000000", "1380000000", "138000000000", "张三", "0555-12345"]
)
def test_phone_without_area_code_or_with_a_wrong_length_is_refused(raw: str) -> None:
    assert "11 位手机号" in refused("kind: phone", raw)


def test_identity_number_is_checked_by_birth_date_and_check_digit() -> None:
    # The example of GB 11643—1999.
    assert read("kind: idnumber", "11010519491231002x") == "11010519491231002X"
    assert read("kind: idnumber", " １１０１０５ １９４９１２３１ ００２Ｘ ") == "11010519491231002X"
    assert "校验位" in refused("kind: idnumber", "110105194912310021")
    assert "出生日期" in refused("kind: idnumber", "11010519491331002X")
    assert "出生日期" in refused("kind: idnumber", "11010518991231002X")
    assert "18 位" in refused("kind: idnumber", "110105491231002")
    assert "18 位" in refused("kind: idnumber", "1101051949123100XX")


def with_check(first17: str) -> str:
    return first17 + check_digit(first17)


@pytest.mark.parametrize("region", ["000000", "990105", "160105", "240105", "470105", "720105", "840105"])
def test_an_identity_number_of_no_region_is_refused(region: str) -> None:
    assert "行政区划" in refused("kind: idnumber", with_check(f"{region}19491231002"))


@pytest.mark.parametrize("region", ["110105", "540102", "650102", "710000", "810000", "830000", "911156"])
def test_an_identity_number_of_every_kind_of_resident_is_taken(region: str) -> None:
    assert read("kind: idnumber", with_check(f"{region}19491231002"))


@pytest.mark.parametrize("born", ["20990101", "21000229", "20260229", "20261131"])
def test_an_identity_number_of_somebody_not_yet_born_or_of_no_day_is_refused(born: str) -> None:
    assert "出生日期" in refused("kind: idnumber", with_check(f"110105{born}002"))


@settings(max_examples=100, deadline=None)
@given(
    st.from_regex(
        r"(1[1-5]|3[1-7]|8[1-3])[0-9]{4}19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}",
        fullmatch=True,
    ),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_of_an_identity_number_is_always_found(first17: str, at: int, by: int) -> None:
    right = first17 + check_digit(first17)
    assert read("kind: idnumber", right) == right
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    assert refused("kind: idnumber", wrong)


# --- choosing ---------------------------------------------------------------------------------------


def test_choice_is_one_of_its_words() -> None:
    setting = "kind: choice, choices: [村(社区)摸排, 派出所]"
    assert read(setting, " 派出所 ") == "派出所"
    assert read(setting, "村（社区）摸排") == "村(社区)摸排"
    assert "“派出所”" in refused(setting, "派出所所")


def test_choices_come_in_the_order_of_the_form_and_once() -> None:
    setting = "kind: choices, choices: [甲, 乙, 丙]"
    assert read(setting, "丙", "甲", "丙") == ["甲", "丙"]
    assert read(setting) is None
    assert "丁" in refused(setting, "甲", "丁")
    field = field_of(setting)
    assert KINDS["choices"].paper(field, ["甲", "丙"], NOBODY) == "甲、丙"


def test_no_is_an_answer_and_on_paper() -> None:
    field = field_of("kind: yesno, required: true")
    assert read("kind: yesno", "否") is False
    assert read("kind: yesno", "是") is True
    assert KINDS["yesno"].printed(field, False, NOBODY) == "否"
    assert KINDS["yesno"].printed(field, None, NOBODY) == ""
    assert refused("kind: yesno", "也许") == "请选择“是”或“否”"


def test_confirmation_must_be_yes() -> None:
    form_type = form_of("- {key: a, kind: yesno, label: 已核对, required: true, must_be: true}")
    assert messages(answered(form_type)) == ["已核对：请确认后勾选“是”"]
    assert messages(answered(form_type, a=False)) == ["已核对：请确认后勾选“是”"]
    assert answered(form_type, a=True).values == {"a": True}
    assert [one.value for one in answered(form_type)["a"].options] == ["是"]
    assert 'type="checkbox"' in answered(form_type)["a"]()


# --- people, units, earlier -------------------------------------------------------------------------

TOWN = PlainDirectory(
    units={"u1": "示例一村", "u2": "镇扫黑办"},
    people=[
        PlainPerson("p1", "张三", "u1", ("clerk",)),
        PlainPerson("p2", "李四", "u1", ("head",)),
        PlainPerson("p3", "王五", "u2", ("head",)),
        PlainPerson("p4", "张三", "u2", ("clerk",)),
    ],
    records={"clue": {"r1": "DJ-XS-2026-0001"}},
    attachments={"f1": "照片.jpg"},
    own_unit="u1",
)


def test_unit_is_found_by_id_or_name_and_printed_by_name() -> None:
    form_type = form_of("- {key: a, kind: unit, label: 单位}")
    assert (
        answered(form_type, TOWN, a="u2").values
        == answered(form_type, TOWN, a=" 镇扫黑办 ").values
        == {"a": "u2"}
    )
    assert "“镇扫黑办”" in messages(answered(form_type, TOWN, a="镇扫黑"))[0]
    assert KINDS["unit"].printed(form_type.field("a"), "u2", TOWN) == "镇扫黑办"


def test_unit_limited_to_the_own_one_refuses_every_other() -> None:
    form_type = form_of("- {key: a, kind: unit, label: 单位, only_own: true}")
    form = answered(form_type, TOWN, a="示例一村")
    assert form.values == {"a": "u1"} and [one.value for one in form["a"].options] == ["u1"]
    for other in ("u2", "镇扫黑办", "无此单位"):
        assert messages(answered(form_type, TOWN, a=other)) == ["单位：只能选择本单位“示例一村”"]
    nobody = PlainDirectory({"u1": "示例一村", "u2": "镇扫黑办"})
    assert answered(form_type, nobody, a="u2").values == {"a": "u2"}


def test_person_must_have_the_role_and_be_of_the_unit() -> None:
    form_type = form_of("""
        - {key: u, kind: unit, label: 单位}
        - {key: a, kind: person, label: 负责人, roles: [head], of_unit: u}
    """)
    assert answered(form_type, TOWN, u="u1", a="李四").values["a"] == "p2"
    assert messages(answered(form_type, TOWN, u="u1", a="p1"))[0].startswith("负责人：名单里没有“p1”")
    assert messages(answered(form_type, TOWN, u="u1", a="p3")) == ["负责人：请选择“示例一村”的人员"]


def test_name_that_two_people_have_is_not_guessed() -> None:
    form_type = form_of("- {key: a, kind: person, label: 人员}")
    assert messages(answered(form_type, TOWN, a="张三"))
    own = form_of("- {key: a, kind: person, label: 人员, of_unit: own}")
    assert answered(own, TOWN, a="张三").values["a"] == "p1"
    for other in ("p3", "p4", "王五"):
        assert "名单里没有" in messages(answered(own, TOWN, a=other))[0]


def test_reference_is_found_by_number_and_only_where_the_directory_shows_it() -> None:
    form_type = form_of("- {key: a, kind: reference, label: 线索, form: clue}")
    assert answered(form_type, TOWN, a="DJ-XS-2026-0001").values == {"a": "r1"}
    assert "DJ-XS-2026-0009" in messages(answered(form_type, TOWN, a="DJ-XS-2026-0009"))[0]


def test_attachments_must_be_there() -> None:
    form_type = form_of("- {key: a, kind: attachments, label: 附件, max_files: 1}")
    form = typed(form_type, {"f_a": ["f1", "f1", ""]}, TOWN)
    assert form.values == {"a": ["f1"]}
    assert [(one.value, one.text) for one in form["a"].options] == [("f1", "照片.jpg")]
    assert "重新上传" in messages(typed(form_type, {"f_a": ["f2"]}, TOWN))[0]
    assert KINDS["attachments"].printed(form_type.field("a"), ["f1"], TOWN) == "照片.jpg"


def test_new_draft_begins_with_the_defaults() -> None:
    fields = form_of("""
        - {key: u, kind: unit, label: 单位, default: own}
        - {key: p, kind: person, label: 人员, default: me}
        - {key: d, kind: date, label: 日期, default: today}
        - {key: t, kind: datetime, label: 时间, default: now}
        - {key: c, kind: choice, label: 选择, choices: [甲, 乙], default: 乙}
        - {key: n, kind: number, label: 数, default: 2}
        - {key: y, kind: yesno, label: 是否, default: 否}
        - {key: m, kind: choices, label: 多选, choices: [甲, 乙], default: 甲}
        - {key: x, kind: text, label: 文字}
    """).fields
    # Still the evening of the 21st in UTC, already the night of the 22nd in the office.
    start = Start("p1", datetime(2026, 11, 21, 17, 30, tzinfo=UTC))
    found = {one.key: KINDS[one.kind].start(one, start, TOWN) for one in fields[1:]}
    assert found == {
        "u": "u1",
        "p": "p1",
        "d": "2026-11-22",
        "t": "2026-11-22T01:30",
        "c": "乙",
        "n": 2,
        "y": False,
        "m": ["甲"],
        "x": None,
    }


# --- every kind -------------------------------------------------------------------------------------

LEAST = {
    "choice": "choices: [甲, 乙]",
    "choices": "choices: [甲, 乙]",
    "table": "columns: [{key: b, kind: text, label: 乙}]",
    "reference": "form: clue",
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_all_its_faces(name: str) -> None:
    kind, field = KINDS[name], field_of(f"kind: {name}, {LEAST.get(name, 'required: true')}")
    directory = PlainDirectory(
        {"u": "示例村"}, [PlainPerson("p", "张三", "u")], {"clue": {"r": "DJ-1"}}, {"sample": "示例.pdf"}, "u"
    )
    for value in (kind.sample(field, directory, {}), kind.worst(field, directory, {})):
        assert kind.fits(value) or value is None
        raw = kind.spread(field, "f_a", value) if value is not None else {}
        assert kind.keep(field, "f_a", {**raw, "f_b": ["x"]}) == raw
        assert kind.gather(field, "f_a", raw, directory) == value
        assert isinstance(kind.ledger(field, value, directory), str)
    assert kind.printed(field, None, directory) == kind.blank
    assert kind.ledger(field, None, directory) == ""
    assert kind.parse(field, [], directory) is None if name != "table" else True
    assert kind.missing(field)
    assert (kind.name, bool(kind.title), bool(kind.doc), bool(kind.json)) == (name, True, True, True)


@pytest.mark.parametrize("name", KINDS)
def test_no_setting_of_a_kind_hides_a_common_key(name: str) -> None:
    from andu.formtypes.language.keys.fieldkeys import FIELD_KEYS

    assert not set(KINDS[name].settings) & set(FIELD_KEYS)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([name for name in KINDS if name != "table"]), st.lists(st.text(max_size=40), max_size=3)
)
def test_no_input_whatever_breaks_a_kind(name: str, raws: list[str]) -> None:
    kind, field = KINDS[name], FIELDS[name]
    try:
        value = kind.parse(field, raws, NOBODY)
    except ValueError as error:
        assert str(error)
        return
    again = kind.gather(field, "f", kind.spread(field, "f", value), NOBODY) if value is not None else None
    assert again == value


FIELDS = {name: field_of(f"kind: {name}, {LEAST.get(name, 'required: true')}") for name in KINDS}


# --- brackets of official documents -------------------------------------------------------------------

OFFICIAL = "kind: longtext, official_marks: true"
WRONG_AND_RIGHT = [
    ("按照滕扫组发【2019】2号文件精神", "按照滕扫组发〔2019〕2号文件精神"),
    ("示发[2026]第013号", "示发〔2026〕13号"),
    ("示发（2026）13号和示办发(2026)7号", "示发〔2026〕13号和示办发〔2026〕7号"),
    ("(二) 线索处理。", "（二）线索处理。"),
    ("第一段\n(3) 对发现的", "第一段\n（3）对发现的"),
]
LEFT_ALONE = [
    "示发〔2026〕13号",
    "（2019）鲁0481刑初12号",
    "见(2026)",
    "张三(二组)",
    "（一）已经对的",
    "【通知】",
]


@pytest.mark.parametrize(("wrong", "right"), WRONG_AND_RIGHT)
def test_wrong_brackets_of_official_papers_are_put_right_and_told(wrong: str, right: str) -> None:
    field = field_of(OFFICIAL)
    assert read(OFFICIAL, wrong) == right
    assert KINDS["longtext"].notes(field, wrong)
    assert KINDS["longtext"].notes(field, right) == []


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_brackets_stay_as_typed(text: str) -> None:
    assert read(OFFICIAL, text) == text
    assert KINDS["longtext"].notes(field_of(OFFICIAL), text) == []


def test_brackets_are_only_put_right_where_the_form_says_so() -> None:
    assert read("kind: longtext", "示发【2026】13号") == "示发【2026】13号"
    assert KINDS["longtext"].notes(field_of("kind: longtext"), "示发【2026】13号") == []
