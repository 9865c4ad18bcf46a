"""Text on one line and text of many lines."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import TextArea

from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind, Raw, Start
from andu.formtypes.kinds.citations import official_marks
from andu.formtypes.kinds.cleaning import SPACES, half_width_words, trimmed_lines
from andu.formtypes.kinds.pasted import Mended, mended, without_bookmarks
from andu.formtypes.kinds.saying import is_reason, too_little
from andu.formtypes.language.readers import Flag, Key, Text, Whole

# signing-and-confidentiality.md, Confidentiality 1: such text must not enter this system at all.
SECRET = re.compile(r"(秘\s*密|机\s*密|绝\s*密)\s*[★☆]")
WIDEST = "最长内容示例喆玥堃"
MOST_NOTES = 3
OFFICIAL_MARKS = Key(
    Flag(),
    "Brackets become official ones: 〔2019〕 in document numbers, （一） and （1） before paragraphs; what "
    "is changed is said beside the field.",
    "true",
    default=False,
)


SAYS_SOMETHING = Key(
    Flag(), "true: what says nothing (无, 同上, a full stop) is refused.", "true", default=False
)


class TextKind(Kind):
    """One line of text."""

    name = "text"
    is_plain_text = True
    is_prose = True
    title = "一行文字"
    doc = "One line of text. Line breaks and tabs become spaces; spaces at the ends, U+3000 too, are dropped."
    json = "text"
    starts = {"superior": "what the office calls the level above, to which it reports"}
    settings = {
        "min_length": Key(Whole(0, 20000), "Fewest characters.", "6", default=0),
        "max_length": Key(Whole(1, 20000), "Most characters.", "60", default=200),
        "half_width": Key(
            Flag(),
            "Full-width digits and letters become half-width; Chinese punctuation stays.",
            "true",
            default=False,
        ),
        "digits": Key(
            Flag(),
            "Only digits, which become half-width; spaces and hyphens are dropped.",
            "true",
            default=False,
        ),
        "drop_end": Key(
            Text(10),
            "Characters dropped at the end, because the paper sets them itself.",
            '"：:"',
            default="",
        ),
        "unwrap": Key(
            Text(2),
            "A pair of brackets around the whole text, dropped because the paper sets it.",
            "（）",
            default="",
        ),
        "official_marks": OFFICIAL_MARKS,
        "says_something": SAYS_SOMETHING,
    }

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        digits = {"inputmode": "numeric"} if field.settings.get("digits") else {}
        return {"data-longest": str(field.settings["max_length"]), **digits}

    def value(self, field: Field, text: str, directory: Directory) -> Any:
        if SECRET.search(text):
            raise ValueError(_("涉密内容不得录入本系统，请按机要渠道办理"))
        text = self._fitted(field, text)
        if field.settings.get("official_marks"):
            text, _changes = official_marks(text)
        if field.settings.get("digits") and not re.fullmatch("[0-9]*", text):
            raise ValueError(_("请只填写数字"))
        least, most = field.settings["min_length"], field.settings["max_length"]
        if least == most and len(text) != least:
            raise ValueError(_("应当是 %(least)s 个字，现在有 %(n)s 个", least=least, n=len(text)))
        if len(text) < least:
            raise ValueError(_("至少 %(least)s 个字，现在有 %(n)s 个", least=least, n=len(text)))
        if text and field.settings.get("says_something") and not is_reason(text):
            raise ValueError(too_little())
        if len(text) > most:
            raise ValueError(_("最多 %(most)s 个字，现在有 %(n)s 个", most=most, n=len(text)))
        return text or None

    def start_word(self, field: Field, start: Start, directory: Directory) -> Any:
        return directory.superior or None

    def schema(self, field: Field) -> dict[str, Any]:
        least, most = field.settings["min_length"], field.settings["max_length"]
        return {"type": "string", "minLength": max(1, least), "maxLength": most}

    def notes(self, field: Field, typed: str) -> list[str]:
        if not field.settings.get("official_marks"):
            return []
        changes = official_marks(self.clean(typed))[1]
        told = "、".join(_("“%(was)s”改为“%(now)s”", was=was, now=now) for was, now in changes[:MOST_NOTES])
        if len(changes) > MOST_NOTES:
            told = _("%(some)s等 %(n)s 处", some=told, n=len(changes))
        return [_("提交时按公文格式改括号：%(told)s。", told=told)] if changes else []

    def is_noted(self, field: Field) -> bool:
        return bool(field.settings.get("official_marks"))

    def mended(
        self, field: Field, name: str, raw: Mapping[str, list[str]], most: int
    ) -> tuple[Raw, list[str]]:
        if not self.is_noted(field):
            return {}, []
        found = self._mended("".join(raw.get(name, [])[:1]))
        told = found.told(most)
        return ({name: [found.text]} if told else {}), told

    def _mended(self, typed: str) -> Mended:
        return without_bookmarks(self.clean(typed))

    def _fitted(self, field: Field, text: str) -> str:
        if field.settings.get("half_width") or field.settings.get("digits"):
            text = half_width_words(text)
        if field.settings.get("digits"):
            text = re.sub(r"[\s\-－]", "", text)
        if field.settings.get("drop_end"):
            text = text.rstrip(field.settings["drop_end"] + SPACES)
        pair = field.settings.get("unwrap")
        if pair and text[:1] == pair[0] and text.find(pair[1]) == len(text) - 1:
            text = text[1:-1].strip(SPACES)
        return text

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        if field.settings.get("digits"):
            return "123456"[: field.settings["max_length"]].ljust(field.settings["min_length"], "0")
        text = f"示例{field.label}"
        return text.ljust(field.settings["min_length"], "示")[: field.settings["max_length"]]

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        most = field.settings["max_length"]
        if field.settings.get("digits"):
            return "8" * most
        return (WIDEST * (most // len(WIDEST) + 1))[:most]

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        least, most = field.settings.get("min_length"), field.settings.get("max_length")
        if least is not None and most is not None and least > most:
            yield "min_length", _("最少字数大于最多字数")


class LongTextKind(TextKind):
    """Text of many lines."""

    name = "longtext"
    is_plain_text = False
    title = "多行文字"
    is_wide = True
    has_paragraphs = True
    doc = (
        "Text of many lines; each line is a paragraph on paper. Spaces at the ends of lines and U+3000 as "
        "indent are dropped: the paper indents by itself."
    )
    json = "text with \\n between paragraphs"
    widget = TextArea()
    settings = {
        "min_length": Key(Whole(0, 20000), "Fewest characters.", "10", default=0),
        "max_length": Key(Whole(1, 20000), "Most characters.", "3000", default=5000),
        "rows": Key(Whole(2, 40), "Lines of the box on the screen.", "8", default=5),
        "blank_lines": Key(
            Flag(), "false: empty lines between paragraphs are dropped.", "false", default=True
        ),
        "official_marks": OFFICIAL_MARKS,
        "says_something": SAYS_SOMETHING,
    }

    def clean(self, raw: str) -> str:
        return trimmed_lines(raw)

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        return {"data-longest": str(field.settings["max_length"]), "rows": str(field.settings["rows"])}

    def is_noted(self, field: Field) -> bool:
        return True

    def _mended(self, typed: str) -> Mended:
        return mended(self.clean(typed))

    def _fitted(self, field: Field, text: str) -> str:
        return text if field.settings["blank_lines"] else re.sub(r"\n+", "\n", text)

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        most = field.settings["max_length"]
        lines = [WIDEST * 33 for _line in range(most // 298 + 1)]
        return "\n".join(lines)[:most].rstrip("\n").ljust(most, "长")
