"""What a command says when it cannot go on: one Chinese sentence, never a traceback.

The group of all commands. Each kind of fault that is known has its own words and exit code 1; whatever nobody
foresaw is written to a log that only this account can read, and the sentence says in which file and line;
exit code 2.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, unwritable
from andu.disk import why_not
from andu.office.errors import InvalidAnswers, NotFound, Refused
from andu.security.vault import VaultFault
from andu.settings import ROOT, SettingsFault
from andu.store import READ_ONLY, Unreadable, Unwritable
from andu.store.sqlite import saying_unwritable

LOG = "command-faults.log"


class Told(click.Group):
    """Runs a command of the group and tells its faults."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse words that are no text: they can be neither stored nor shown."""
        for word in args:
            try:
                word.encode()
            except UnicodeEncodeError:
                fail(_("参数 %(word)s 里有不成字的编码，请用 UTF-8。", word=ascii(word)))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """The command, or the words of its fault."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort, SystemExit):
            raise
        except BrokenPipeError:  # whoever read the output has read enough: click ends quietly
            raise
        except Exception as fault:  # whatever it is, a person reads it
            words = _known(fault)
            if words:
                fail(*words)
            _unforeseen(fault)


def _known(fault: Exception) -> list[str]:
    """The words of a fault that is known; none for any other."""
    if isinstance(fault, Unwritable):
        return [unwritable(fault, _instance())]
    if isinstance(fault, Refused):
        return [fault.message]
    if isinstance(fault, InvalidAnswers):
        return [problem.message for problem in fault.form.problems]
    if isinstance(fault, NotFound):
        return [_("没有找到：%(what)s", what=fault)]
    if isinstance(fault, Unreadable | VaultFault | SettingsFault):
        return [str(fault)]
    if isinstance(fault, OSError) and fault.strerror:
        return [_of_the_disk(fault)]
    return []


def _of_the_disk(fault: OSError) -> str:
    try:
        with saying_unwritable():
            raise fault
    except Unwritable as found:
        if found.why != READ_ONLY:
            return unwritable(found, _instance())
    except OSError:
        pass  # nothing to do with room
    file = fault.filename or _instance()
    return _("%(file)s 打不开或写不进去：%(why)s", file=file, why=why_not(fault))


def _unforeseen(fault: Exception) -> None:
    told = "".join(traceback.format_exception(fault))
    kind = type(fault).__name__
    try:
        path, line = _logged(f"{datetime.now():%Y-%m-%d %H:%M:%S}\n{told}\n")
    except OSError:
        click.echo(_("没有办成：程序出错（%(kind)s），日志也写不进去。", kind=kind), err=True)
    else:
        said = {"kind": kind, "file": path, "line": line}
        words = _("没有办成：程序出错（%(kind)s），详情在 %(file)s 第 %(line)s 行起，请告诉管理员。", **said)
        click.echo(words, err=True)
    raise SystemExit(2)


def _logged(text: str) -> tuple[Path, int]:
    """Where it was written: file and line."""
    folder = _instance()
    path = (folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())) / LOG
    with open(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+", encoding="utf-8") as file:
        file.seek(0)
        line = sum(1 for _line in file) + 1
        file.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    return path, line


def _instance() -> Path:
    return Path(os.environ.get("ANDU_INSTANCE") or ROOT / "instance").resolve()
