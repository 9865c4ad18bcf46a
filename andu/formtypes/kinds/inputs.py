"""The WTForms side of every kind: one field class, its options, and the radio and tick lists.

Made by `Kind.form_field`; rendered by the templates. Keeps what was typed (`typed`), valid or not, so that a
page shown again shows it; `data` is the parsed value or None.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import widgets
from wtforms.fields.core import Field as WtField
from wtforms.fields.core import Label

from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.pasted import MOST_SHOWN

if TYPE_CHECKING:
    from andu.formtypes.kinds.base import Kind


class Option:
    """One thing to choose. Calling it gives its radio button or tick box, `label` its label."""

    def __init__(self, value: str, text: str, checked: bool, group: str = "") -> None:
        self.value = value
        self.text = text
        self.group = group
        self.checked = self.data = checked

    def bind(self, field: "ValueField", index: int) -> "Option":
        """Give it the name of its field, and an id; the first has the id that errors jump to."""
        self.name = field.name
        self.id = field.id if index == 0 else f"{field.id}-{index}"
        self.label = Label(self.id, self.text)
        self._input = field.kind.option_input(field.definition)
        return self

    def _value(self) -> str:
        return self.value

    def __call__(self, **attributes: Any) -> Markup:
        return self._input(self, checked=self.checked, **attributes)

    def __html__(self) -> Markup:
        return self()


class OptionList:
    """Renders the options of a field one under the other, each with its label."""

    def __call__(self, field: "ValueField", **attributes: Any) -> Markup:
        row = Markup('<div class="option">{} {}</div>')
        rows = [row.format(option(**attributes), option.label()) for option in field]
        return Markup('<div class="options">{}</div>').format(Markup("").join(rows))


class OptionSelect:
    """Renders the options of a field as a select whose first line chooses nothing, group by group."""

    def __call__(self, field: "ValueField", **attributes: Any) -> Markup:
        rows = [_option("", _("（请选择）"))]
        for group, options in groupby(field, key=lambda option: option.group):
            lines = Markup("").join(_option(one.value, one.text, one.checked) for one in options)
            heading = Markup("<optgroup {}>{}</optgroup>").format(widgets.html_params(label=group), lines)
            rows.append(heading if group else lines)
        opening = widgets.html_params(**{"id": field.id, "name": field.name, **attributes})
        return Markup("<select {}>{}</select>").format(opening, Markup("").join(rows))


class UnitSelect(OptionSelect):
    """The same, and which unit follows from which answer: the page chooses it as the server would."""

    def __call__(self, field: "ValueField", **attributes: Any) -> Markup:
        followed, units = field.kind.following(field.definition)
        said = {"data_follows": followed, "data_units": json.dumps(units)} if followed else {}
        return super().__call__(field, **attributes, **said)


def _option(value: str, text: str, is_chosen: bool = False) -> Markup:
    """One line of a select; there may be a thousand on a page, so nothing general makes it."""
    chosen = "selected " if is_chosen else ""
    return Markup(f'<option {chosen}value="{escape(value)}">{escape(text)}</option>')  # noqa: S704 - escaped


class ValueField(WtField):
    """A field of any kind but a table. `definition` is what YAML says of it."""

    def __init__(
        self, definition: Field, kind: "Kind", directory: Directory, group: bool, **bound: Any
    ) -> None:
        self.definition = definition
        self.kind = kind  # before super(): WTForms looks at the widget, which the kind gives
        super().__init__(label=definition.label, **bound)
        self.directory = directory
        self.group = group
        self.errors: list[str] = []

    @property
    def typed(self) -> list[str]:
        """What was typed or chosen, as it came."""
        return list(self.raw_data or [])

    @property
    def text(self) -> str:
        """What was typed into its single input."""
        return self.typed[0] if self.typed else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse what was typed; raises ValueError, which WTForms turns into an error of the field."""
        self.data = None
        self.data = self.kind.parse(self.definition, valuelist, self.directory)

    def missing(self) -> str:
        """The message when it must be answered and is not."""
        return self.kind.missing(self.definition)

    def clear(self) -> None:
        """Forget its errors: it is not shown."""
        self.errors = []

    @property
    def notes(self) -> list[str]:
        """What will be changed in what was typed, as sentences to show beside it."""
        return self.kind.notes(self.definition, self.text)

    @property
    def pasted(self) -> list[str]:
        """What pasting from Word left in what was typed, as it would be mended."""
        return self.kind.mended(self.definition, self.name, {self.name: self.typed}, MOST_SHOWN)[1]

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Its errors as (id to jump to, label, message)."""
        return ((self.id, self.definition.label, error) for error in self.errors)

    @property
    def options(self) -> list[Option]:
        """What can be chosen, with ids and labels; [] for what is typed."""
        found = self.kind.options(self.definition, self.typed, self.directory)
        return [option.bind(self, index) for index, option in enumerate(found)]

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __call__(self, **attributes: Any) -> Markup:
        given = {} if self.group else self.kind.attrs(self.definition, self.text)
        if self.definition.required and not self.group:
            given["aria-required"] = "true"
        if self.definition.confidential:
            given["autocomplete"] = "off"
        return self.meta.render_field(self, {**given, **attributes})

    # --- what the widgets of WTForms ask for

    @property
    def widget(self) -> Any:
        """The widget of its kind."""
        return self.kind.widget

    def _value(self) -> str:
        return self.kind.shown(self.definition, self.text)
