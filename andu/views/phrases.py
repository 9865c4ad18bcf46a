"""常用语: a person's own phrases for opinions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.office.signing import phrases
from andu.views.asking import actor, needs, office

blueprint = Blueprint("phrases", __name__)


@blueprint.get("/phrases")
@needs("sign_named")
def index() -> ResponseReturnValue:
    """All of them, and room for another."""
    return render_template("phrases/index.html", phrases=phrases.of(office(), actor()), most=phrases.LONGEST)


@blueprint.post("/phrases")
@needs("sign_named")
def keep() -> ResponseReturnValue:
    """Keep one more."""
    phrases.keep(office(), actor(), request.form.get("text", ""))
    flash(_("已记下，签字时可以直接点用。"), "good")
    return redirect(url_for("phrases.index"))


@blueprint.post("/phrases/<phrase_id>/drop")
@needs("sign_named")
def drop(phrase_id: str) -> ResponseReturnValue:
    """Forget one."""
    phrases.drop(office(), actor(), phrase_id)
    return redirect(url_for("phrases.index"))
