"""The catalogue reads a folder of form files, in order, or tells the faults of all of them."""

from pathlib import Path

import pytest

from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue, check_folder
from tests.formtypes.making import HEAD, yaml_of


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_forms_stand_group_by_group_in_their_order(tmp_path: Path) -> None:
    group = HEAD.replace("group: 示例", "group: 乙组")
    folder = write(tmp_path, b=HEAD + "order: 1\n", a=HEAD + "order: 9\n", c=group + "order: 5\n")
    catalogue = Catalogue.load(folder)
    assert [form.slug for form in catalogue] == [form.slug for form in catalogue.all()] == ["b", "a", "c"]
    assert catalogue.get("a") is not None and catalogue.get("x") is None
    assert check_folder(folder, ["example"]) == []


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, a=HEAD + "ordr: 1\n", b=HEAD + "nxt: []\n", good=HEAD)
    (folder / "c.yml").write_text(HEAD, "utf-8")
    (folder / "README.md").write_text("no form", "utf-8")
    assert [(one.file, one.line) for one in check_folder(folder)] == [
        ("a.yaml", 10),
        ("b.yaml", 10),
        ("c.yml", 1),
    ]
    with pytest.raises(FormFaults) as refused:
        Catalogue.load(folder)
    assert len(refused.value.faults) == 3
    assert "a.yaml:10：ordr：没有“ordr”这个键；是否应为“order”？" in str(refused.value)


def test_faults_between_files_come_with_those_within(tmp_path: Path) -> None:
    own = yaml_of(REFERENCE.format(form="source", target="first", taken="bb"), "ordr: 1\nnext: [soucre]\n")
    faults = check_folder(write(tmp_path, source=yaml_of(MORE), target=own))
    assert [(one.line, one.key) for one in faults] == [(10, "a.prefill.first"), (11, "ordr"), (12, "next")]


def test_folder_without_forms_is_a_fault(tmp_path: Path) -> None:
    assert len(check_folder(tmp_path)) == 1


REFERENCE = "- {{key: a, kind: reference, label: 甲, form: {form}, prefill: {{{target}: {taken}}}}}\n"
MORE = """\
- {key: b, kind: number, label: 乙}
- {key: u, kind: unit, label: 丙}
- {key: s, kind: text, label: 丁, confidential: true}
"""


@pytest.mark.parametrize(
    ("form", "target", "taken", "said"),
    [
        ("surce", "b", "b", "“source”"),
        ("source", "b", "bb", "“b”"),
        ("source", "b", "s", "保密"),
        ("source", "b", "u", "同种"),
        ("source", "u", "number", "同种"),
    ],
)
def test_carrying_over_what_is_not_there_or_not_open_is_a_fault(
    tmp_path: Path, form: str, target: str, taken: str, said: str
) -> None:
    own = yaml_of(MORE + REFERENCE.format(form=form, target=target, taken=taken))
    (fault,) = check_folder(write(tmp_path, source=yaml_of(MORE), target=own))
    assert fault.file == "target.yaml" and fault.line == 13 and said in fault.message


def test_carrying_over_between_fitting_fields_is_no_fault(tmp_path: Path) -> None:
    for target, taken in (("b", "b"), ("u", "u"), ("first", "b"), ("first", "number"), ("first", "title")):
        own = yaml_of(MORE + REFERENCE.format(form="source", target=target, taken=taken))
        assert check_folder(write(tmp_path, source=yaml_of(MORE), target=own)) == []


SEVERAL = "- {key: a, kind: reference, label: 甲, form: [%s], prefill: {%s}}\n"
ROWS = """\
- key: t
  kind: table
  label: 表
  columns: [{key: issue, kind: text, label: 问题}, {key: n, kind: number, label: 数}]
- {key: w, kind: table, label: 另表, columns: [{key: unit, kind: unit, label: 单位}]}
- {key: x, kind: table, label: 密, confidential: true, columns: [{key: issue, kind: text, label: 问题}]}
"""


@pytest.mark.parametrize(
    ("prefill", "key", "said"),
    [
        ("t.issue: t.isue", "t.issue", "没有字段“t.isue”；是否应为“t.issue”？"),
        ("t.isue: t.issue", "t.isue", "带入的目标不对；是否应为“t.issue”？"),
        ("t.issue: w.unit", "t.issue", "“w.unit”是 unit 字段"),
        ("t.issue: t", "t.issue", "“t”是 table 字段"),
        ("t.issue: x.issue", "t.issue", "“x.issue”是保密字段"),
        ("first: t.issue", "first", "只能带入自己表格的一列"),
        ("t.issue: t.issue, t.n: first", "t.issue", "同一张来源表"),
    ],
)
def test_carrying_over_rows_that_do_not_fit_is_a_fault(
    tmp_path: Path, prefill: str, key: str, said: str
) -> None:
    own = yaml_of(ROWS + SEVERAL % ("source", prefill))
    faults = check_folder(write(tmp_path, source=yaml_of(ROWS), target=own))
    assert faults and all(one.file == "target.yaml" and one.line == 16 for one in faults)
    assert faults[0].key.endswith(f"prefill.{key}") and said in faults[0].message


def test_carrying_over_rows_that_fit_is_no_fault(tmp_path: Path) -> None:
    own = yaml_of(ROWS + SEVERAL % ("source", "t.issue: t.n, t.n: t.n, w.unit: w.unit"))
    assert check_folder(write(tmp_path, source=yaml_of(ROWS), target=own)) == []


@pytest.mark.parametrize(
    ("forms", "taken", "key", "said"),
    [
        ("one, tow", "first", "a.form", "没有表单“tow”；是否应为“two”？"),
        ("one, one", "first", ".form", "写了两次"),
        ("one, two", "bb", "a.prefill.b", "“示例表单、示例表单”没有字段“bb”"),
        ("one, two", "u", "a.prefill.b", "“u”是 unit 字段"),
        ("one, two", "s", "a.prefill.b", "保密"),
    ],
)
def test_carrying_over_from_several_forms_what_none_has_or_one_has_otherwise_is_a_fault(
    tmp_path: Path, forms: str, taken: str, key: str, said: str
) -> None:
    own = yaml_of(MORE + SEVERAL % (forms, f"b: {taken}"))
    others = {"one": yaml_of(), "two": yaml_of(MORE.replace("{key: b", "{key: c"))}
    (fault,) = check_folder(write(tmp_path, **others, target=own))
    assert key in fault.key and said in fault.message


def test_of_several_forms_each_gives_what_it_has(tmp_path: Path) -> None:
    own = yaml_of(MORE + SEVERAL % ("one, two", "b: b, u: unit, first: code"))
    assert check_folder(write(tmp_path, one=yaml_of(MORE), two=yaml_of(), target=own)) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("w.untl", "没有字段“untl”；是否应为“unit”？"),
        ("t.issue", "“issue”应当是 unit 字段"),
        ("v.unit", "没有字段“v”"),
        ("w", "“w”应当是 unit 字段"),
    ],
)
def test_sharing_with_what_names_no_unit_is_a_fault(tmp_path: Path, place: str, said: str) -> None:
    (fault,) = check_folder(write(tmp_path, one=yaml_of(ROWS, f"share_with: [w.unit, {place}]\n")))
    assert fault.key == "share_with[1]" and said in fault.message


def test_next_form_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    (fault,) = check_folder(write(tmp_path, one=HEAD + "next: [two]\n", tow=HEAD))
    assert (fault.line, fault.key) == (10, "next") and "“tow”" in fault.message


RETURN = "- {key: period, kind: period, label: 报告期}\n"
EXPECTED = "expected: {period: period, category: 村}\n"
NOTICE = "missing_returns: {form: %s, fills: {%s}}\n"


@pytest.mark.parametrize(
    ("form", "fills", "key", "said"),
    [
        ("half", "first: unit", "missing_returns.form", "“halves”"),
        ("plain", "first: unit", "missing_returns.form", "不是按期报送的表"),
        ("halves", "frist: unit", "missing_returns.fills.frist", "“first”"),
        ("halves", "first: units", "missing_returns.fills.first", "“unit”"),
    ],
)
def test_beginning_from_returns_that_are_none_is_a_fault(
    tmp_path: Path, form: str, fills: str, key: str, said: str
) -> None:
    own = yaml_of(rest=NOTICE % (form, fills))
    folder = write(tmp_path, halves=yaml_of(RETURN, EXPECTED), notice=own, plain=HEAD)
    (fault,) = check_folder(folder)
    assert (fault.file, fault.key) == ("notice.yaml", key) and said in fault.message


def test_beginning_from_missing_returns_is_no_fault(tmp_path: Path) -> None:
    own = yaml_of(rest=NOTICE % ("halves", "first: unit"))
    assert check_folder(write(tmp_path, halves=yaml_of(RETURN, EXPECTED), notice=own)) == []


MET = "deadlines: [{{key: d, label: 期限, rule: same_day, met_by: [{met}], ground: {ground}}}]\n"
CHASING = """\
- {key: why, kind: choice, label: 依据, choices: [办理超期, 会议议定事项]}
- {key: at, kind: date, label: 日期}
"""


@pytest.mark.parametrize(
    ("met", "ground", "said"),
    [
        ("chaser", "会议议定事项", ""),
        ("{form: chaser, when: {field: why, is: 办理超期}, at: at}", "办理超期", ""),
        ("chsaer", "办理超期", "没有表单“chsaer”；是否应为“chaser”？"),
        ("{form: chaser, when: {field: wy, is: 办理超期}}", "办理超期", "“wy”"),
        ("{form: chaser, when: {field: why, is: 没有这项}}", "办理超期", "没有这项"),
        ("{form: chaser, at: why}", "办理超期", "没有日期或时间“why”"),
        ("chaser", "会议议定", "没有“会议议定”可选"),
    ],
)
def test_what_meets_a_deadline_and_why_it_is_chased_are_held_to_the_other_form(
    tmp_path: Path, met: str, ground: str, said: str
) -> None:
    own = yaml_of("", MET.format(met=met, ground=ground))
    faults = check_folder(write(tmp_path, target=own, chaser=yaml_of(CHASING, "chases: {why: ground}\n")))
    assert [said in fault.message for fault in faults] == ([True] if said else [])
