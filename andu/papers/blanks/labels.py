"""Words around a blank: what is a label and what a sentence, and how a label is said.

Pure functions over text; the lists below are words of office forms in general. Called by the readers of
lines and of tables.
"""

from __future__ import annotations

import re

from andu.papers.blanks.model import BLANK, BOX

LONGEST = 40
"""Longer text is a sentence, not a label."""
_NUMBER = re.compile(
    r"^\s*(?:[（(【\[]?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)】\]、.．:：]|[①-⑳]|[*＊●◆▲■※★])\s*"
)
_NOTE = re.compile(r"[（(][^（()）]*[）)]")
_SIGN = re.compile(r"签\s*[名字章]|签\s*署|手\s*签")
_SEAL = re.compile(r"公\s*章|盖\s*章|印\s*章|[（(]\s*章\s*[）)]|签\s*章")
_PHOTO = re.compile(r"照\s*片|相\s*片|近\s*照|寸\s*照|彩\s*照|贴\s*照")
_PROSE = re.compile(r"[。！？!?；;]")
_NO_FIELD = re.compile(
    r"^(?:注|备注|说明|填表说明|填写说明|填报说明|使用说明|注意|注意事项|声明|温馨提示|要求|特此证明|附件|附|"
    r"尊敬的.*|.*如下.{0,4}|.*以下.*|.*承诺|依据|例|例如|如|其中|地址|网址|邮编|电话|传真)$"
)
_HANDWRITING = re.compile(
    r"^(?:[（(【\[][^（()）]{0,14}(?:手工|机打|打印|填写|填报|签名|签字|盖章|粘贴|张贴|此处|请填|自动生成)[^（()）]{0,8}[）)】\]]|手工填写|机打|此处填写|"
    r"(?:单击|点击|单击或点击)(?:此处|这里)?(?:输入|填写|选择|添加).{0,8}|请?选择(?:一项|日期)?[。.]?|请(?:写明|说明|注明|列出|简要|如实|详细|概述|描述)[^：:]{2,40}|请(?:输入|填写)[\u4e00-\u9fff]{0,8})$"
)
_STAND_IN = re.compile(r"^(?:[XＸxx×*＊/／—\-_.…·○〇]{2,}|[A-Z0-9]+(?:-[A-Z0-9]*X{2,}[A-Z0-9]*)+|/|无|—)$")
_COMMON = re.compile(
    r"姓名|名称|性别|民族|籍贯|出生(?:日期|年月)?|年龄|学历|学位|专业|职务|职称|政治面貌|身份证号码?|"
    r".{0,6}(?:电话|手机|地址|住址|邮编|邮箱|单位|日期|时间|部门|编号|号码|人数|金额|院校|学校|岗位|联系方式|"
    r"申请人|经办人|联系人|负责人|当事人|登记人|填表人|户主|法定代表人|地点|目的地|事由)"
)
_OFFICE = re.compile(
    r"审\s*[核批查定议]|复\s*[核审]|初\s*审|意\s*见|批\s*示|签\s*发|领\s*导|主\s*管|负责人|校\s*对|验\s*收|鉴\s*定|"
    r"评\s*[语审定价]|推荐单位|单位盖章|公\s*章|经\s*办\s*人|受\s*理|办理结果|人[力事]资?源?部?门?填|招聘单位填|由.*填写|"
    r"辅导员|导\s*师\s*签|部\s*门|党\s*委|支\s*部|委员会|主\s*任|审计|财\s*务|存\s*档|归\s*档|编号"
)


def tidy(text: str) -> str:
    """A label without numbers before it, colons after it, and the spaces that spread its characters."""
    text = text.replace(BLANK, " ").replace(BOX, " ").replace("\n", "").replace("\t", " ")
    text = _NUMBER.sub("", text.strip())
    text = text.strip(" \u3000:：,，、;；。.·•").strip()
    return re.sub(r"\s+", "", text) if re.search(r"[\u4e00-\u9fff]", text) else re.sub(r"\s+", " ", text)


def split_note(label: str) -> tuple[str, str]:
    """A label, and what stands in brackets at its end: a note on how to fill it in."""
    found = re.fullmatch(r"(.{2,}?)[（(]([^（()）]{2,})[）)]", label)
    if found and not _SIGN.search(found[2]):
        return found[1], found[2]
    plain = _NOTE.sub("", label)
    return (plain, "") if len(label) > 16 and len(plain) >= 3 else (label, "")


def is_signature(text: str) -> bool:
    """Whether somebody signs here by name."""
    return bool(_SIGN.search(text)) and not re.search(
        r"签\s*收\s*(?:日|时)|签\s*名\s*册|签[字署][日时]", text
    )


def is_seal(text: str) -> bool:
    """Whether a seal goes here."""
    return bool(_SEAL.search(text)) and not re.search(r"签\s*[名字]", _SEAL.sub("", text))


def is_photo(text: str) -> bool:
    """Whether a photograph goes here."""
    return bool(_PHOTO.search(text)) and len(tidy(text)) <= 30


def is_prose(text: str) -> bool:
    """Whether this is a sentence and no label."""
    bare = tidy(_NOTE.sub("", text))
    return len(bare) > LONGEST or (len(bare) > 12 and bool(_PROSE.search(text.strip()[:-1]))) or "。" in bare


def names_nothing(label: str) -> bool:
    """Whether a text with a colon opens a note or a clause instead of asking something."""
    return bool(_NO_FIELD.match(tidy(label)))


def is_stand_in(text: str) -> bool:
    """Whether a cell's text only says how it is to be filled: （手工填写）, XX, ***."""
    bare = re.sub(r"\s+", "", text)
    return not bare or bool(_HANDWRITING.match(bare)) or bool(_STAND_IN.match(bare))


def is_common(label: str) -> bool:
    """Whether this is a label on most forms, so that text beside it can only be an answer."""
    return bool(_COMMON.fullmatch(label))


def is_personal(label: str) -> bool:
    """Whether this asks about a person: text behind such a label is somebody's, never the form's own."""
    return bool(re.fullmatch(r"姓名|性别|民族|籍贯|出生(?:日期|年月)?|年龄|学历|职务|身份证号码?", label))


def may_be_common(text: str) -> bool:
    """Whether a text could be a label of another field rather than an answer."""
    return (
        bool(_COMMON.fullmatch(text))
        or bool(re.search(r"[：:]$", text))
        or (
            len(text) <= 8
            and bool(
                re.search(
                    r"(?:名|别|码|话|址|位|务|称|期|间|貌|业|历|况|见|注|类|型|系|由|因|容|数|额|人)$", text
                )
            )
        )
    )


def is_of_the_office(text: str) -> bool:
    """Whether whoever approves fills this in, not whoever hands the form in."""
    return bool(_OFFICE.search(text))
