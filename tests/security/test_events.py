from __future__ import annotations

import re

from andu.security.events import Events, labels


def test_each_event_is_called_by_its_own_name() -> None:
    assert all(event.value == name for name, event in Events.__members__.items())


def test_each_event_has_a_chinese_label_of_its_own() -> None:
    assert set(labels()) == set(Events)
    assert len(set(labels().values())) == len(Events)
    assert all(re.search(r"[\u4e00-\u9fff]", label) for label in labels().values())


def test_no_event_has_room_for_what_was_typed_into_a_field() -> None:
    assert not {"value", "values", "answers", "title", "opinion", "text"} & frozenset().union(
        *(event.keys for event in Events)
    )
