"""Tests that share papers made by one LibreOffice run in one process, so that these are made once."""

from __future__ import annotations

import pytest

TOGETHER = {
    "layout/": "layout",
    "test_official": "official",
    "test_drafting": "official",
    "test_signature_sheet": "soffice",
    "test_fitting": "official",
    "test_soffice": "soffice",
    "test_pdf": "soffice",
    "test_printed": "soffice",
    "test_faces": "soffice",
}
"""How a file's path goes on below this folder → the group of processes it runs in."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the group of its file."""
    for item in items:
        _before, _here, rest = item.nodeid.partition("tests/papers/")
        group = next((name for start, name in TOGETHER.items() if rest.startswith(start)), None)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
