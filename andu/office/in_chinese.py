"""What is written down or printed is Chinese, whatever language somebody's screens speak."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask_babel import force_locale

CHINESE = "zh_Hans_CN"


def in_chinese() -> AbstractContextManager[None]:
    """Within it every message is Chinese; outside of a request it is so anyway."""
    return force_locale(CHINESE)
