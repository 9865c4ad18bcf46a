"""The interface for programs, ``/api/v1``: the same acts as on the screens, with a token and no session.

``register`` hangs it on an app; app.py calls it once, after the screens. A program says what it wants as JSON
and gets JSON; what it may is what its token says (``andu.security.programs``). No cookie opens anything here.
"""

from __future__ import annotations

from flask import Flask

from andu.api import filling, reading, whole
from andu.api.operations import blueprint

__all__ = ["filling", "reading", "register", "whole"]


def register(app: Flask) -> None:
    """Hang the interface on ``app``, whose screens hang there already."""
    app.extensions["csrf"].exempt(blueprint)  # without a cookie nobody can be made to act
    app.register_blueprint(blueprint)
