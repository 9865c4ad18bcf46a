"""What a careful office knows before it opens its doors: each a light, with how to mend it.

Called by ``andu doctor --deploy`` and by the admin's page 运行状况. Looks at the office and the machine below
it, changes nothing; what a machine needs to print at all is the plain ``doctor``'s.
"""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.unit_codes import unit_codes
from andu.office.backup import standing
from andu.office.backup.standing import ADVICE, GOOD, WRONG, Light
from andu.office.desk import conflict_words, soundness
from andu.office.handover import office_key
from andu.office.issue import drawn_alike
from andu.office.notices import ways
from andu.office.office import Office
from andu.office.shelf import settings as own_settings
from andu.office.writing import moving_sealed
from andu.papers.pdf.fonts import fonts_missing
from andu.security import accounts, key_pairs, units, vault_rights
from andu.security.permissions import acts_of
from andu.settings import Settings
from andu.store import claim

LITTLE = 5 * 1024**3
THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]", "::1")
UNNAMED = "××"
"""What offices/empty.yaml has in place of a name."""
HTTPS = "https"
"""Stands in the words of whoever serves behind a TLS proxy (gunicorn.conf.py)."""


def is_open_to_others(bind: str) -> bool:
    """Whether any of gunicorn's addresses (HOST:PORT, with commas between) is not this machine's own."""
    addresses = [one.strip() for one in bind.split(",") if one.strip()]
    return any(not f"{one}:".startswith(tuple(f"{host}:" for host in THIS_MACHINE)) for one in addresses)


def lights(office: Office) -> list[Light]:
    """Everything to know, in the order in which it is worth mending."""
    return [
        *urgent(office),
        *_way(office.settings),
        *_owner(office.settings),
        *_disk(office.settings),
        *_on_server(office),
        *_people(office),
        *_holders(office),
        *_office_key(office),
        *_secrecy(office),
        *_printing(office.settings),
    ]


def urgent(office: Office) -> list[Light]:
    """What needs a hand soon, and is cheap to see: on the admin's desk too, as far as it is not green."""
    return [
        *(Light(WRONG, said) for said in soundness.troubles(office)),
        *_beginning(office),
        *_papers(office),
        *_conflicts(office),
        *standing.lights(office),
        *_room(office.settings),
        *_holidays(office),
        *(
            Light(ADVICE, _("通知发不出去：%(why)s。请看“邮件和群通知”", why=one.fault))
            for one in ways.failing(office)
        ),
    ]


def units_wanted(office: Office) -> dict[str, list[str]]:
    """Codes that forms name and no unit has, each with the titles of these forms."""
    there = {one.id for one in units.all(office.store)}
    wanted: dict[str, list[str]] = {}
    for form_type in office.catalogue:
        for code in sorted(unit_codes(form_type) - there):
            wanted.setdefault(code, []).append(form_type.title)
    return wanted


def _beginning(office: Office) -> Iterator[Light]:
    """What a new office still has to say of itself before its first paper."""
    config = office.config
    if UNNAMED in config.name + config.issuer + config.printer + config.superior:
        yield Light(WRONG, _("单位名称还没有改，文书上会印成“%(name)s”。请在“设置”里改", name=config.name))
    if letters := "、".join(config.series[key].label for key in own_settings.unsaid(office)):
        yield Light(WRONG, _("机关代字还是“×”：%(names)s。请在“设置”的“编号”里改", names=letters))
    for code, titles in units_wanted(office).items():
        how = _("请在“人员单位”增加单位，单位代码写 %(code)s", code=code)
        said = {"code": code, "forms": "、".join(titles[:3]), "how": how}
        yield Light(WRONG, _("没有代码是 %(code)s 的单位，%(forms)s 要交给它办。%(how)s", **said))
    if len([one for one in accounts.all(office.store) if one.is_active]) < 2:
        yield Light(WRONG, _("还只有管理员一个账号。请在“人员单位”建立账号"))


_UNFILED = (
    "SELECT work.key FROM work CROSS JOIN register WHERE work.kind = 'paper'"
    " AND register.record_id = work.key LIMIT 100"
)


def _papers(office: Office) -> Iterator[Light]:
    """Papers that go no further by themselves."""
    oldest = "SELECT id FROM record WHERE state = 'complete' ORDER BY updated_at, id LIMIT 100"
    waiting, unfiled = (
        len(office.store.query(oldest)),
        len(office.store.query(_UNFILED)),
    )
    if waiting:
        how = _("材料的页面上写着原因")
        yield Light(ADVICE, _("签齐了还没有取号的有 %(n)s 份：%(how)s", n=waiting, how=how))
    if unfiled:
        how = _("系统每隔几分钟再试；一直不成功请运行 script/andu doctor")
        yield Light(ADVICE, _("取了号、文书还没有归档的有 %(n)s 份：%(how)s", n=unfiled, how=how))


def _conflicts(office: Office) -> Iterator[Light]:
    """While it is not known of all papers whom they concern, after an update."""
    if said := conflict_words.while_missing(office):
        yield Light(ADVICE, said.rstrip("。"))


def _room(settings: Settings) -> Iterator[Light]:
    """Room on the disk, long before it is full (``soundness`` tells that)."""
    usage = shutil.disk_usage(settings.instance)
    said = {"free": usage.free >> 30, "whole": usage.total >> 30}
    if usage.free < max(LITTLE, usage.total // 20):
        yield Light(ADVICE, _("数据所在的磁盘只剩 %(free)s GB（共 %(whole)s GB），请清理或者换大的", **said))
    else:
        yield Light(GOOD, _("数据所在的磁盘还有 %(free)s GB（共 %(whole)s GB）", **said))


def _holidays(office: Office) -> Iterator[Light]:
    """From November on, the next year's too: what is due after New Year is counted by them."""
    today = office_day(office.clock.now())
    wanted = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    unknown = [year for year in wanted if not office.workdays.source(year)]
    for year in unknown:
        yield Light(ADVICE, _("还不知道 %(year)s 年的节假日，期限只按周末算。请在“设置”里填上", year=year))
    if not unknown:
        yield Light(GOOD, _("节假日已知到 %(year)s 年", year=wanted[-1]))


def _way(settings: Settings) -> Iterator[Light]:
    """How pages come to people: in the clear only where they never leave this machine."""
    words = claim.holder(settings.instance) or ""
    bind = os.environ.get("ANDU_BIND") or words.partition("http://")[2].partition("，")[0]
    if is_open_to_others(bind):
        how = _("请在前面放一个 TLS 代理，设 ANDU_HTTPS=1，并只监听 127.0.0.1（README, How it is deployed）")
        said = {"bind": bind, "how": how}
        yield Light(WRONG, _("服务向网络开放明文端口（%(bind)s），密码和材料会被看到。%(how)s", **said))
    elif settings.https or HTTPS in words.partition("http://")[0]:
        yield Light(GOOD, _("经 HTTPS 代理访问，密码和材料加密传送"))
    elif bind:
        yield Light(GOOD, _("服务只在本机监听（%(bind)s）", bind=bind))
    else:
        yield Light(ADVICE, _("服务没有运行，看不出是不是用 HTTPS。请在服务运行时再查一次"))


def _owner(settings: Settings) -> Iterator[Light]:
    place = settings.instance
    state = place.stat()
    if state.st_mode & 0o077:
        yield Light(WRONG, _("数据目录 %(place)s 别人也能打开，请运行 chmod 700 %(place)s", place=place))
    mixed = sorted({path.name for path in place.iterdir() if path.stat().st_uid != state.st_uid})
    if mixed:
        names = "、".join(mixed[:5])
        how = _("请运行 chown -R %(owner)s %(place)s", owner=_name(state.st_uid), place=place)
        yield Light(WRONG, _("数据目录里有别的账号的文件（%(names)s）。%(how)s", names=names, how=how))
    elif state.st_uid == 0:
        yield Light(
            ADVICE, _("数据目录属于 root：最好为服务另建一个账号，由它运行和拥有 %(place)s", place=place)
        )
    else:
        yield Light(GOOD, _("数据目录属于 %(owner)s，只有它能打开", owner=_name(state.st_uid)))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _on_server(office: Office) -> Iterator[Light]:
    """Where rows and papers lie that are on no disk of this machine, and where an older database is told."""
    if office.settings.files:
        how = _("那里的权限、加密、版本和备份，请与管它的同志核对")
        yield Light(
            ADVICE, _("文书和附件在存储桶 %(place)s 里：%(how)s", place=office.settings.files, how=how)
        )
    if not office.settings.store:
        return
    how = _("那台机器的磁盘加密、权限和它自己的备份，请与管它的同志核对")
    yield Light(ADVICE, _("数据和文书在 %(engine)s 上：%(how)s", engine=office.store.engine(), how=how))
    why = drawn_alike.why_not(office)
    if why:
        yield Light(WRONG, why)
    if office.settings.journal_store:
        yield Light(GOOD, _("取号流水和链头在另一个数据库里"))
    else:
        how = _("几台机器一起用时，ANDU_JOURNAL 要指到另一个数据库")
        said = {"place": office.settings.journal, "how": how}
        yield Light(ADVICE, _("取号流水只在这台机器上（%(place)s）：%(how)s", **said))


def _disk(settings: Settings) -> Iterator[Light]:
    """Encryption of the disk as far as the system shows it; whether the journal would outlive the disk."""
    if settings.store:
        return
    place = settings.instance
    seen = _is_encrypted(place)
    if seen:
        yield Light(GOOD, _("数据所在的磁盘已加密"))
    else:
        how = _("请用 LUKS 加密这块盘，或把数据目录移到加密的盘上")
        what = (
            _("看不出数据所在的磁盘是否加密") if seen is None else _("数据所在的磁盘没有加密，拿走硬盘就能读")
        )
        yield Light(ADVICE, f"{what}。{how}")
    journal = settings.journal
    if journal.is_dir() and journal.stat().st_dev != place.stat().st_dev:
        yield Light(GOOD, _("取号流水在另一块盘上：%(place)s", place=journal))
    else:
        yield Light(ADVICE, _("取号流水与数据在同一块盘上。请用 ANDU_JOURNAL 放到另一块盘"))


def _is_encrypted(place: Path) -> bool | None:
    """Whether the block device under a folder is a dm-crypt one; ``None`` where none is to be seen."""
    device = place.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not block.exists():
        return None
    below = [block.resolve()]
    for one in below:
        below += [slave.resolve() for slave in (one / "slaves").glob("*")]
    return any(_says(one / "dm" / "uuid").startswith("CRYPT-") for one in below)


def _says(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _people(office: Office) -> Iterator[Light]:
    active = [one for one in accounts.all(office.store) if one.is_active]
    sample = office.config.sample_password
    samples = {one["username"] for one in office.config.accounts} if sample else set()
    public = [
        one.name
        for one in active
        if one.username in samples and accounts.knows_password(office.store, one, sample)
    ]
    if public:
        how = _("真实办公室请另设数据目录，用 script/server --empty 建立")
        said = {"n": len(public), "names": "、".join(public[:5]), "how": how}
        yield Light(WRONG, _("%(n)s 个账号还用着公开的示例密码（%(names)s 等）。%(how)s", **said))
    both = [
        one.name for one in active if "admin" in one.roles and acts_of(one.roles) & {"see_unit", "see_all"}
    ]
    if both:
        how = _("请为管理另建一个账号，去掉其中一个角色")
        said = {"names": "、".join(both), "how": how}
        yield Light(WRONG, _("管理员同时办理线索：%(names)s。%(how)s", **said))
    if not public and not both:
        yield Light(GOOD, _("没有人用示例密码，管理员不办理线索"))


def _holders(office: Office) -> Iterator[Light]:
    """Who can open what is sealed: more than one, each with a code on paper."""
    active = {one.id: one for one in accounts.all(office.store) if one.is_active and one.is_confirmed}
    held = [one for one in vault_rights.all_of(office.store) if one.account_id in active]
    coded = {one.owner for one in key_pairs.pins(office.store).trusted.values() if one.has_code}
    bare = "、".join(active[one.account_id].name for one in held if one.account_id not in coded)
    if len(held) < 2:
        yield Light(ADVICE, _("能打开举报人信息的不足两人，一人出事就打不开。请再给一位同志角色并确认"))
    if bare:
        yield Light(ADVICE, _("还没有恢复码：%(names)s。请在“保密权限”生成，抄在纸上锁好", names=bare))
    if waited := "、".join(one.name for one in moving_sealed.waits_for(office)):
        how = _("等他们登录一次就自动换到各人的钥匙；不再用的账号请停用")
        said = {"n": len(office.vault.of_before(1000)), "names": waited, "how": how}
        yield Light(
            ADVICE, _("有 %(n)s 份举报人信息还封在密钥文件里：%(names)s还没有登录过。%(how)s", **said)
        )
    if len(held) > 1 and not bare:
        yield Light(GOOD, _("能打开举报人信息的有 %(n)s 人，都有恢复码", n=len(held)))


def _office_key(office: Office) -> Iterator[Light]:
    """The key in two halves, for the day on which nobody else can open what is sealed."""
    now = office_key.standing(office)
    if now.pair is None:
        yield Light(ADVICE, _("还没有设立办公室恢复钥匙（保密权限页）：密码和恢复码都没了就打不开举报人信息"))
    elif not now.is_whole:
        yield Light(WRONG, _("办公室恢复钥匙合不起来了：有一位已停用或换过钥匙。请重新设立"))
    elif now.is_due:
        yield Light(WRONG, _("办公室恢复钥匙一年没有演练了：请两位同志一起做一次"))
    elif now.drilled_at is None:
        yield Light(ADVICE, _("办公室恢复钥匙还没有演练过：请两位同志一起做一次"))
    else:
        yield Light(GOOD, _("办公室恢复钥匙由两位同志分管，一年内演练过"))


def _secrecy(office: Office) -> Iterator[Light]:
    if office.config.access_needs:
        yield Light(GOOD, _("没有签保密承诺书的人看不到线索"))
    else:
        yield Light(ADVICE, _("没签保密承诺书的人也能看线索。请在“设置”的“先签承诺，才看案卷”里选定"))
    if office.config.second_factor:
        yield Light(GOOD, _("能打开举报人信息的和管理账号的同志，登录要动态码"))
    else:
        yield Light(ADVICE, _("光有密码就能登录。请在“设置”的“两步登录”里定好谁要动态码"))
    if office.config.recusal:
        yield Light(GOOD, _("材料里写到的人要回避，由谁签已经定好"))
    elif any(one.signatures.recuse for one in office.catalogue):
        yield Light(ADVICE, _("材料里写到的人自己也能签。请在“设置”的“回避”里定好由谁签"))


def _printing(settings: Settings) -> Iterator[Light]:
    missing = fonts_missing(settings.fonts)
    if missing:
        yield Light(WRONG, _("缺少字体 %(names)s，请运行 script/setup", names="、".join(missing)))
    if not shutil.which("soffice", path=os.defpath):
        yield Light(WRONG, _("没有 LibreOffice，出不了 PDF，请运行 script/setup"))
    if not missing and shutil.which("soffice", path=os.defpath):
        yield Light(GOOD, _("公文用字体和 LibreOffice 齐全"))
