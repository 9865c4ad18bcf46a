"""The secret of the pages is made once and is the same for every worker and after every restart."""

from __future__ import annotations

import stat
from pathlib import Path

from andu.security import page_secret


def test_the_secret_is_made_once_and_readable_for_the_service_alone(tmp_path: Path) -> None:
    secret = page_secret.load(tmp_path / "keys")
    assert len(secret) == 32
    assert page_secret.load(tmp_path / "keys") == secret
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_offices_have_two_secrets(tmp_path: Path) -> None:
    assert page_secret.load(tmp_path / "one") != page_secret.load(tmp_path / "two")
