"""Small form types for tests, written as the YAML that would make them."""

from textwrap import dedent, indent
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.directory import Directory, NoDirectory
from andu.formtypes.filling.webform import AnswerForm, build, raw_from_values
from andu.formtypes.language.reading import read_text

HEAD = """\
title: 示例表单
group: 示例
filled_by: [clerk]
series: example
record_title: [first]
sections:
  - title: 一
    fields:
      - {key: first, kind: text, label: 第一项}
"""


def yaml_of(fields: str = "", rest: str = "") -> str:
    """A form file with these fields after its first one, and whatever else at its end."""
    return HEAD + indent(dedent(fields).strip("\n"), " " * 6) + "\n" + dedent(rest)


def form_of(fields: str = "", rest: str = "") -> FormType:
    """The form type of `yaml_of`."""
    return read_text(yaml_of(fields, rest), "example")


def answered(form_type: FormType, directory: Directory | None = None, /, **values: Any) -> AnswerForm:
    """The web form with these values typed in, validated."""
    return typed(form_type, raw_from_values(form_type, values), directory)


def typed(form_type: FormType, raw: dict[str, list[str]], directory: Directory | None = None) -> AnswerForm:
    """The web form with this raw input, validated."""
    form = build(form_type, directory or NoDirectory())(raw)
    form.validate()
    return form


def messages(form: AnswerForm) -> list[str]:
    """What is wrong, as the summary says it."""
    return [problem.message for problem in form.problems]
