"""The commands of script/andu: what they print, what they refuse, and that a refusal spends nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.cli import opening
from andu.office import deployment
from andu.office.office import Office
from andu.office.shelf import settings as shelf_settings
from andu.papers.checks import layout, printed, proof
from andu.papers.pdf import Converter
from andu.security import accounts, audit
from andu.settings import ROOT, Settings
from tests.conftest import PASSWORD, nothing_wrong, stand_in_pdf

FORM = "completion_report"
SIGNERS = ("--sign-as", "zhaoliu", "--sign-as", "chushisi")


@pytest.fixture(autouse=True)
def sample_office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the sample office, and no LibreOffice."""
    for name in ("ANDU_FORMS", "ANDU_TEMPLATES", "ANDU_FONTS", "ANDU_BIND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    monkeypatch.setattr(Converter, "to_pdf", lambda _self, docx, **_asked: stand_in_pdf(docx))
    monkeypatch.setattr(layout, "check", nothing_wrong)
    monkeypatch.setattr(proof, "lacks_of", lambda _texts, _pdf: [])
    monkeypatch.setattr(printed, "lacking", lambda _template, _context, _pdf: [])


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """``run("series", "check")``: a command as a person would give it; nothing may crash."""
    opened: list[Office] = []
    really_open = Office.open.__func__  # type: ignore[attr-defined]

    def remember(cls: type[Office], *words: Any) -> Office:
        opened.append(really_open(cls, *words))
        return opened[-1]

    def act(*words: object, **options: Any) -> Result:
        done = CliRunner().invoke(cli.main, [str(word) for word in words], **options)
        while opened:
            opened.pop().store.close()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    monkeypatch.setattr(Office, "open", classmethod(remember))
    yield act


@pytest.fixture
def answers(run: Run, tmp_path: Path) -> Callable[..., Path]:
    """``answers(field=…)``: a file with the sample of the completion report, some answers changed."""

    def act(**changes: Any) -> Path:
        path = tmp_path / "answers.json"
        sample = json.loads(run("forms", "sample", FORM).stdout)
        path.write_text(json.dumps({**sample, **changes}, ensure_ascii=False), encoding="utf-8")
        return path

    return act


def given(office: Office) -> list[str]:
    """Every number in the register."""
    return [row["number"] for row in office.store.rows_where("register", order_by="numbered_at, seq")]


def states(office: Office) -> list[str]:
    """The state of every record."""
    return [row["state"] for row in office.store.rows_where("record")]


def drop_trigger(office: Office, name: str) -> None:
    """What nobody but a person at the database file can do."""
    with office.store.write():
        office.store.execute(f"DROP TRIGGER {name}")


# --- forms ----------------------------------------------------------------------------------------


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the forms and papers, to be spoiled."""
    forms, templates = tmp_path / "forms", tmp_path / "papers of forms"
    shutil.copytree(ROOT / "forms", forms)
    shutil.copytree(ROOT / "doc_templates", templates)
    return forms, templates


def spoil(path: Path, right: str, wrong: str) -> int:
    """Put the first ``right`` wrong; its line number."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return text[: text.index(right)].count("\n") + 1


def test_the_shipped_forms_and_papers_are_without_fault(run: Run) -> None:
    done = run("forms", "check")
    count = len(list((ROOT / "forms").glob("*.yaml")))
    assert (done.exit_code, done.stdout) == (0, f"{count} 种表单，没有发现问题。\n")


def test_all_faults_of_forms_and_papers_are_told_at_once(run: Run, broken: tuple[Path, Path]) -> None:
    forms, templates = broken
    kind = spoil(forms / "clue_handover.yaml", "kind: longtext", "kind: longtxt")
    role = spoil(forms / "official_notice.yaml", "roles: [leader]", "roles: [leadr]")
    after = spoil(forms / "clue_registration.yaml", "next:\n  - clue_handover\n", "next:\n  - clue_handovr\n")
    shutil.copy(templates / "official_notice.docx", templates / "completion_report.docx")
    shutil.copy(templates / "official_notice.docx", templates / "clue_registration.docx")
    done = run("forms", "check", "--forms", forms, "--templates", templates)
    said = done.stderr.splitlines()

    def one(start: str, *parts: str) -> bool:
        return any(line.startswith(start) and all(part in line for part in parts) for line in said)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert one(f"clue_handover.yaml:{kind}：", "kind：", "是否应为“longtext”")
    assert one(f"official_notice.yaml:{role}：", "roles", "是否应为“leader”")
    assert one(f"clue_registration.yaml:{after}：next：", "是否应为“clue_handover”")
    assert one("completion_report.docx: ", "addressees")
    assert one("clue_registration.docx: ", "addressees")
    assert not one("clue_handover.docx"), "the paper of a form that cannot be read is not judged"


def test_a_paper_without_a_form_is_told(run: Run, broken: tuple[Path, Path]) -> None:
    forms, templates = broken
    (templates / "completion_report.docx").rename(templates / "completion_reprot.docx")
    shutil.copy(templates / "official_notice.docx", templates / "~$ficial_notice.docx")
    done = run("forms", "check", "--forms", forms, "--templates", templates)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "completion_report.docx: 没有模板文件",
        "completion_reprot.docx: 没有哪种表单用这份模板；是否应为“completion_report”？",
    ]


@pytest.mark.parametrize("worst", [[], ["--worst"]])
def test_a_sample_is_accepted_by_fill(run: Run, office: Office, tmp_path: Path, worst: list[str]) -> None:
    sample = tmp_path / "sample.json"
    sample.write_text(run("forms", "sample", FORM, *worst).stdout, encoding="utf-8")
    done = run("fill", FORM, sample, "--as", "wangwu", *SIGNERS, "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (0, "")
    assert states(office) == ["filed"]


def test_the_longest_sample_is_longer(run: Run) -> None:
    plain, worst = run("forms", "sample", FORM).stdout, run("forms", "sample", FORM, "--worst").stdout
    assert len(worst) > 2 * len(plain)


def test_a_sample_of_an_unknown_form_is_refused(run: Run) -> None:
    done = run("forms", "sample", "no_such_form")
    assert (done.exit_code, done.stderr) == (1, "没有表单 no_such_form。\n")


# --- fill -----------------------------------------------------------------------------------------


def test_fill_prints_the_number_and_the_papers(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out"
    done = run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", out)
    assert done.exit_code == 0
    number, docx, pdf = done.stdout.splitlines()
    assert [number] == given(office)
    assert docx == f"{out}/{number} 办结报告.docx"
    assert Path(docx).read_bytes().startswith(b"PK")
    assert Path(pdf).read_bytes() == stand_in_pdf(Path(docx).read_bytes())


def test_fill_prints_json(run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path) -> None:
    done = run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", tmp_path, "--json")
    result = json.loads(done.stdout)
    (record,) = office.store.rows_where("record")
    assert [result["number"]] == given(office)
    assert result["record"] == record["id"]
    assert Path(result["docx"]).exists() and Path(result["pdf"]).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"investigation": ""}, "调查情况"),
        ({"clue_numbr": "1"}, "是否应为“clue_number”"),
        ({"file_pages": "many"}, "卷宗页数：请填写整数"),
    ],
)
def test_faults_of_the_clerk_are_told_in_the_words_of_the_form(
    run: Run,
    office: Office,
    answers: Callable[..., Path],
    tmp_path: Path,
    changes: dict[str, str],
    words: str,
) -> None:
    done = run("fill", FORM, answers(**changes), "--as", "wangwu", *SIGNERS, "--out", tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert words in done.stderr
    assert "已经提交" not in done.stderr
    assert (given(office), states(office), office.store.rows_where("draft")) == ([], [], [])


@pytest.mark.parametrize(("text", "words"), [("{", "不是有效的 JSON"), ("[]", "{名称: 内容}")])
def test_what_is_no_json_object_is_refused(run: Run, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    done = run("fill", FORM, path, "--as", "wangwu", "--out", tmp_path)
    assert done.exit_code == 1
    assert words in done.stderr


def test_the_same_person_cannot_sign_twice_and_the_record_is_not_lost(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    twice = ("--sign-as", "zhaoliu", "--sign-as", "zhaoliu")
    done = run("fill", FORM, answers(), "--as", "wangwu", *twice, "--out", tmp_path)
    refusal, standing = done.stderr.splitlines()
    (record,) = office.store.rows_where("record")
    assert done.exit_code == 1
    assert refusal.startswith("赵六（镇扫黑办）不能签字：您已在“")
    assert standing.startswith(f"材料“{record['title']}”已经提交（{record['id']}）：等待“")
    assert "还差：" in standing
    assert (given(office), states(office)) == ([], ["signing"])


def test_a_signer_who_does_not_see_the_record_is_named(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    done = run("fill", FORM, answers(), "--as", "wangwu", "--sign-as", "fenger", "--out", tmp_path)
    refusal, standing = done.stderr.splitlines()
    assert done.exit_code == 1
    assert refusal == "冯二（派出所）看不到这份材料，不能签字。"
    assert "已经提交" in standing
    assert states(office) == ["signing"]


def test_too_few_signatures_leave_no_paper(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    done = run("fill", FORM, answers(), "--as", "wangwu", "--sign-as", "zhaoliu", "--out", tmp_path)
    assert done.exit_code == 1
    assert "还没有归档的文书" in done.stderr.splitlines()[0]
    assert "编号在全部签字完成后才取" in done.stderr.splitlines()[1]
    assert given(office) == []


def test_a_paper_that_cannot_be_put_down_is_still_filed(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "BJ-2026-0001 办结报告.docx").mkdir()
    (tmp_path / "BJ-2027-0001 办结报告.docx").mkdir()
    this_year = office.clock.now().year
    assert this_year in (2026, 2027)
    done = run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", tmp_path)
    fault, standing = done.stderr.splitlines()
    assert done.exit_code == 1
    assert fault.startswith(f"文书没有写进 {tmp_path}：")
    assert standing.endswith(f"已归档，编号 {given(office)[0]}。")


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_folder_that_cannot_be_made_spends_no_number(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path, below: str
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file stands here")
    done = run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", blocked / below)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"文书存放目录 {blocked / below} 不能建立或写入" in done.stderr
    assert (given(office), states(office)) == ([], [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no_such_form", "--as", "wangwu"], "没有表单 no_such_form。"),
        ([FORM, "--as", "nobody"], "没有账号 nobody，或已停用。"),
        ([FORM, "--as", "heshi"], "您的岗位不填写“办结报告”。"),
    ],
)
def test_an_unknown_form_or_person_is_named(
    run: Run, answers: Callable[..., Path], tmp_path: Path, words: list[str], message: str
) -> None:
    done = run("fill", words[0], answers(), *words[1:], "--out", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [message]


# --- numbers, audit, papers -----------------------------------------------------------------------


def test_series_check_sees_a_damaged_file(
    run: Run, office: Office, answers: Callable[..., Path], tmp_path: Path
) -> None:
    run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", tmp_path)
    whole = run("series", "check")
    assert (whole.exit_code, whole.stdout) == (0, "编号连续，文件齐全，没有发现问题。\n")
    (row,) = office.store.rows_where("register")
    (path,) = (one for one in office.settings.instance.rglob("*") if one.name.endswith(row["pdf_sha"][2:]))
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 another")
    damaged = run("series", "check")
    assert damaged.exit_code == 1
    assert damaged.stderr.splitlines() == [f"{row['number']}: pdf 文件被改动过"]


def test_series_confirm_is_refused_when_nothing_is_locked(run: Run, office: Office) -> None:
    words = ("completion", "2026", "3", "--reason", "核对", "--as", "zhaoliu")
    done = run("series", "confirm", *words)
    assert (done.exit_code, done.stderr) == (1, "这个序列没有锁定，不需要确认。\n")
    assert office.store.rows_where("gap") == []
    unknown = run("series", "confirm", "nothing", *words[1:])
    assert (unknown.exit_code, unknown.stderr) == (1, "没有序列 nothing。\n")


def test_series_confirm_unlocks_a_series(run: Run, office: Office) -> None:
    log = office.settings.instance / "numbers" / "completion-2026.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text("00000003\n")
    assert run("series", "check").exit_code == 1
    done = run("series", "confirm", "completion", "2026", "3", "--reason", "核对", "--as", "zhaoliu")
    assert (done.exit_code, done.stdout) == (0, "已确认，下一个号是 4。\n")
    assert run("series", "check").exit_code == 0


def test_audit_verify_sees_a_changed_row(run: Run, office: Office) -> None:
    audit.publish_heads(office.store, office.clock, office.heads)
    whole = run("audit", "verify")
    assert (whole.exit_code, whole.stdout) == (0, "审计日志完整。\n")
    row = office.store.rows_where("audit", order_by="id")[0]
    guard = "audit_is_append_only_update"
    (trigger,) = office.store.query("SELECT sql FROM sqlite_master WHERE name = ?", [guard])
    drop_trigger(office, guard)
    with office.store.write():
        office.store.update("audit", row["id"], {"actor_id": "somebody else"})
    without_guard = run("audit", "verify")
    assert (without_guard.exit_code, guard in without_guard.stderr) == (1, True)
    with office.store.write():
        office.store.execute(trigger["sql"])
    changed = run("audit", "verify")
    assert changed.exit_code == 1
    assert f"“{row['chain']}”：第 {row['seq']} 条被改动。" in changed.stderr


def test_a_drafted_paper_fits_its_form(run: Run, broken: tuple[Path, Path]) -> None:
    forms, templates = broken
    out = templates / f"{FORM}.docx"
    out.unlink()
    done = run("paper", "draft", FORM, out)
    assert (done.exit_code, done.stdout) == (0, f"{out}\n")
    assert run("forms", "check", "--forms", forms, "--templates", templates).exit_code == 0


def test_a_paper_of_an_unknown_form_is_not_drafted(run: Run, tmp_path: Path) -> None:
    done = run("paper", "draft", "no_such_form", tmp_path / "out.docx")
    assert (done.exit_code, done.stderr) == (1, "没有表单 no_such_form。\n")
    assert not (tmp_path / "out.docx").exists()


# --- prepare --------------------------------------------------------------------------------------


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder that is not there yet, and the first admin in the environment."""
    instance = tmp_path / "real"
    monkeypatch.setenv("ANDU_INSTANCE", str(instance))
    monkeypatch.setenv("ANDU_ADMIN", "guanli")
    monkeypatch.setenv("ANDU_ADMIN_NAME", "管理员")
    monkeypatch.setenv("ANDU_ADMIN_PASSWORD", PASSWORD)
    return instance


def test_a_real_office_has_one_admin_however_often_it_is_prepared(run: Run, empty: Path) -> None:
    first, again = run("prepare", "--empty"), run("prepare", "--empty")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "已建管理员账号 guanli" in first.stdout
    assert "已建管理员账号" not in again.stdout
    assert "示例账号" not in first.stdout + again.stdout
    office = Office.open(Settings(instance=empty), stand_in_pdf, nothing_wrong)
    people = [(row["username"], row["roles"]) for row in office.store.rows_where("account")]
    wanted, to_mend = deployment.units_wanted(office), " ".join(one.text for one in deployment.urgent(office))
    office.store.close()
    assert people == [("guanli", '["admin"]')]
    assert wanted == {}, "the units that the shipped forms name are there from the start"
    assert all(one in to_mend for one in ("印成“××镇”", "机关代字还是“×”：发文字号", "只有管理员一个账号"))


def test_the_first_admin_is_asked_again_until_each_answer_can_be_taken(
    run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANDU_ADMIN", "ANDU_ADMIN_NAME", "ANDU_ADMIN_PASSWORD"):
        monkeypatch.delenv(name)
    nobody = run("prepare", "--empty")
    assert nobody.exit_code == 1 and "ANDU_ADMIN_PASSWORD" in nobody.stderr and "Aborted" not in nobody.stderr
    typed = ["管", "guanli", "管理员甲", "123", PASSWORD, "another-word-1", PASSWORD, PASSWORD, ""]
    done = CliRunner().invoke(cli.main, ["prepare", "--empty"], input="\n".join(typed))
    assert done.exit_code == 0, done.output
    said = [
        done.output.index(one)
        for one in ("用户名须为", "密码至少要", "两次输的不一样", "已建管理员账号 guanli")
    ]
    assert said == sorted(said) and "Error" not in done.output


def test_the_sample_office_does_not_become_a_real_one(run: Run, office: Office) -> None:
    before = office.store.rows_where("account", order_by="id")
    done = run("prepare", "--empty", env={"ANDU_ADMIN": "guanli", "ANDU_ADMIN_PASSWORD": PASSWORD})
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{office.settings.instance} 里已经是示例办公室" in done.stderr
    assert "ANDU_INSTANCE" in done.stderr
    assert office.store.rows_where("account", order_by="id") == before


@pytest.mark.parametrize(
    ("bind", "warned"),
    [
        ("", False),
        ("127.0.0.1:8000", False),
        ("localhost:8000", False),
        ("localhost", False),
        ("[::1]:8000", False),
        ("0.0.0.0:8000", True),
        (":8000", True),
        ("[::]:8000", True),
        ("127.0.0.1.example:8000", True),
        ("127.0.0.1:8000,10.0.0.8:8000", True),
    ],
)
def test_public_passwords_on_the_network_are_warned_of(run: Run, bind: str, warned: bool) -> None:
    done = run("prepare", env={"ANDU_BIND": bind})
    assert done.exit_code == 0
    assert "示例账号（密码都是" in done.stdout
    assert ("警告：示例账号的密码是公开的" in done.stderr) is warned


def test_a_real_office_on_the_network_is_not_warned(run: Run, empty: Path) -> None:
    done = run("prepare", "--empty", env={"ANDU_BIND": "0.0.0.0:8000"})
    assert done.exit_code == 0
    assert "警告" not in done.stderr


def test_the_help_calls_the_command_by_its_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "andu.cli", "fill", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.startswith("Usage: script/andu fill ")


# --- report ---------------------------------------------------------------------------------------


def test_a_report_is_packed_shown_and_taken(run: Run, answers: Callable[..., Path], tmp_path: Path) -> None:
    out, key = tmp_path / "report.zip", run("report", "key").stdout.strip()
    assert len(key) == 64
    run("fill", FORM, answers(), "--as", "wangwu", *SIGNERS, "--out", tmp_path / "papers")
    days = ("--since", "2026-01-01", "--until", "2099-12-31")
    assert "没有可以报送" in run("report", "pack", out, "--as", "zhengshier", *days).stderr
    packed = run("report", "pack", out, "--as", "wangwu", *days)
    assert "1 份文书" in packed.stdout
    shown = run("report", "show", out)
    assert key in shown.stdout and "没有登记过" in shown.stdout
    refused = run("report", "take", out, "--as", "zhaoliu")
    assert refused.exit_code == 1 and "不认识" in refused.stderr
    assert "已登记" in run("report", "trust", key, "示例一镇", "--as", "wujiu").stdout
    assert "示例一镇" in run("report", "show", out).stdout
    assert "收下 1 份" in run("report", "take", out, "--as", "zhaoliu").stdout
    assert "原来就有 1 份" in run("report", "take", out, "--as", "zhaoliu").stdout
    out.write_bytes(out.read_bytes()[:-40])
    assert run("report", "show", out).exit_code == 1


def test_commands_know_the_series_that_the_office_made_in_the_browser(run: Run, settings: Settings) -> None:
    office = Office.open(settings, stand_in_pdf, nothing_wrong)
    admin = next(one for one in accounts.all(office.store) if "admin" in one.roles)
    key = shelf_settings.add_series(office, admin, "请假编号", "QJ")
    office.store.close()
    assert key in opening.series_keys()
    form = (ROOT / "forms" / f"{FORM}.yaml").read_text("utf-8")
    folder = settings.instance / "own"
    folder.mkdir()
    (folder / "leave.yaml").write_text(form.replace("series: completion", f"series: {key}"), "utf-8")
    shutil.copy(ROOT / "doc_templates" / f"{FORM}.docx", folder / "leave.docx")
    told = run("forms", "check", "--forms", folder, "--templates", folder).output
    assert key not in told, told
