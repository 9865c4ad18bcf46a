"""Phone numbers and identity numbers of people in China."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from andu.clock import SystemClock, office_day
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind
from andu.formtypes.kinds.cleaning import half_width, trimmed

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(
    r"\(?(010|02[0-9]|0[3-9][0-9]{2})\)?-?([2-9][0-9]{6,7})(?:(?:-|转|ext\.?|分机)([0-9]{1,5}))?", re.I
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643—1999
CHECKS = "10X98765432"
PROVINCES = frozenset(map(str, (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47))))
PROVINCES |= frozenset(map(str, (*range(50, 55), *range(61, 66))))
"""The provinces of the mainland by their first two digits, GB/T 2260—2007."""
RESIDENTS = PROVINCES | {"71", "81", "82", "83"}
"""The same with 台湾 71, 香港 81, 澳门 82 (GB/T 2260), 83 for 居住证 of 台湾居民 (国办发〔2018〕81号)."""


def check_digit(first17: str) -> str:
    """The check digit of an identity number by GB 11643—1999 (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def _has_region(number: str) -> bool:
    """Whether it begins with a region; in a foreigner's, the region stands after a 9."""
    return number[1:3] in PROVINCES if number.startswith("9") else number[:2] in RESIDENTS


class PhoneKind(Kind):
    """A phone number."""

    name = "phone"
    title = "电话号码"
    doc = (
        "A mobile number (11 digits) or a landline with its area code and, if there is one, an extension. "
        "+86 is dropped."
    )
    json = "text 13800000000 or 0555-1234567"

    def clean(self, raw: str) -> str:
        text = re.sub(r"[\s·.]|(?<=\d)[—–−](?=\d)", "", half_width(trimmed(raw)))
        return re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))-?", "", text)

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        return {"type": "tel", "autocomplete": "off"}

    def value(self, field: Field, text: str, directory: Directory) -> str:
        if MOBILE.fullmatch(text.replace("-", "")):
            return text.replace("-", "")
        found = LANDLINE.fullmatch(text)
        if not found:
            raise ValueError(self.missing(field))
        return "-".join(part for part in found.groups() if part)

    def missing(self, field: Field) -> str:
        return _(
            "请填写 11 位手机号，或带区号的固定电话，例如 %(example)s",
            example=field.example or "0555-2345678",
        )

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return "13800000000"

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return "0555-20000000-88888"


class IdNumberKind(Kind):
    """A citizen's identity number of 18 characters."""

    name = "idnumber"
    title = "身份证号码"
    doc = (
        "An identity number of 18 characters: region by GB/T 2260, birth date not in the future, right check "
        "digit; x becomes X."
    )
    json = "text of 18 characters"

    def clean(self, raw: str) -> str:
        return re.sub(r"[\s\-]", "", half_width(trimmed(raw))).upper()

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        return {"autocomplete": "off", "spellcheck": "false"}

    def value(self, field: Field, text: str, directory: Directory) -> str:
        if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
            raise ValueError(self.missing(field))
        if not _has_region(text):
            raise ValueError(_("身份证号码的前 6 位不是行政区划代码，请核对"))
        try:
            born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        except ValueError:
            born = date.min
        if born.year < 1900:
            raise ValueError(_("身份证号码中的出生日期不对，请核对第 7 至 14 位"))
        if born > (directory.today or office_day(SystemClock().now())):
            raise ValueError(_("身份证号码中的出生日期还没有到，请核对第 7 至 14 位"))
        if check_digit(text[:17]) != text[17]:
            raise ValueError(_("身份证号码的校验位不对，请逐位核对"))
        return text

    def missing(self, field: Field) -> str:
        return _("请填写 18 位身份证号码")

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        first17 = "11000019900101001"  # no county has 0000: nobody was ever given this
        return first17 + check_digit(first17)
