"""Ledgers and sheets of figures, set by the office: made, changed, tried out, withdrawn, put back.

One page holds a whole ledger or sheet; what is typed stays on it until it is published, whatever is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.formtypes.beside import figure_reading, ledger_pages, ledger_reading
from andu.formtypes.faults import Fault
from andu.formtypes.language import writing
from andu.office.desk import figure_samples
from andu.office.errors import NotFound, Refused
from andu.office.published import FIGURES, LEDGERS
from andu.office.shelf import asking_conditions, asking_figures, asking_ledgers, books, trying_ledgers
from andu.office.shelf.designs import ACT
from andu.office.shelf.parts import Tree
from andu.views import pictures
from andu.views.asking import actor, needs, office

blueprint = Blueprint("books", __name__)
WHOLE = "whole"
LISTED = re.compile(r"(columns|numbers|charts)\[(\d+)\]")
SHOW, PREVIEW, PUBLISH = "show", "preview", "publish"
ON_SCREEN = 97
"""Characters across of a ledger on the screen, as in ``views.ledgers``."""


@dataclass(frozen=True)
class Editor:
    """How one kind of them is asked: from the page to the tree, and what the page needs to show it."""

    folder: str
    begun: Callable[[], Tree]
    taken: Callable[[Tree], Tree]
    missing: Callable[[Tree], Mapping[str, str]]
    shown: Callable[[Tree], dict[str, Any]]
    tried: Callable[[str, str], Any]


@blueprint.get("/settings/books/<folder>")
@needs(ACT)
def index(folder: str) -> ResponseReturnValue:
    """All there are, and where a new one begins."""
    found = books.listed(office(), actor(), _editor(folder).folder)
    forms = [(one.slug, one.title) for one in office().catalogue]
    return render_template("books/index.html", folder=folder, books=found, forms=forms)


@blueprint.route("/settings/books/<folder>/new", methods=["GET", "POST"])
@needs(ACT)
def new(folder: str) -> ResponseReturnValue:
    """A new one, nowhere kept until it is published."""
    editor = _editor(folder)
    return _edit(folder, "", "", editor.begun() if request.method == "GET" else {})


@blueprint.route("/settings/books/<folder>/<slug>", methods=["GET", "POST"])
@needs(ACT)
def edit(folder: str, slug: str) -> ResponseReturnValue:
    """One of them, on one page."""
    text = books.text_of_book(office(), _editor(folder).folder, slug)
    return _edit(folder, slug, text, writing.tree(text))


@blueprint.post("/settings/books/<folder>/<slug>/withdraw")
@needs(ACT)
def withdraw(folder: str, slug: str) -> ResponseReturnValue:
    """Nobody sees it any more; the records stay."""
    try:
        books.withdraw(office(), actor(), _editor(folder).folder, slug, _note())
    except Refused as refusal:
        flash(refusal.message, "bad")
        return redirect(url_for("books.edit", folder=folder, slug=slug))
    flash(_("已停用；材料都还在，可以随时恢复。"), "good")
    return redirect(url_for("books.index", folder=folder))


@blueprint.post("/settings/books/<folder>/<slug>/back/<int:publication>")
@needs(ACT)
def restore(folder: str, slug: str, publication: int) -> ResponseReturnValue:
    """An earlier one in force again; 0 is the one that ships."""
    try:
        books.restore(office(), actor(), _editor(folder).folder, slug, publication, _note())
    except Refused as refusal:
        flash(refusal.message, "bad")
    else:
        flash(_("已恢复，马上起作用。"), "good")
    return redirect(url_for("books.edit", folder=folder, slug=slug))


# --- the page -------------------------------------------------------------------------------------


def _edit(folder: str, slug: str, text: str, tree: Tree) -> ResponseReturnValue:
    editor, act, wrong = _editor(folder), request.form.get("act", ""), ""
    if request.method == "POST":
        tree = editor.taken(tree)
    written = writing.written(tree)
    lacking = dict(editor.missing(tree)) if act in (PREVIEW, PUBLISH) else {}
    name = slug or books.new_slug(office(), editor.folder, str(tree.get("title", "")))
    faults = books.faults_of(office(), editor.folder, name, written)
    if act == PUBLISH and not lacking:
        if not _note():
            lacking["note"] = _("请写一句说明，以后看得出为什么改。")
        elif not faults:
            try:
                saw = request.form.get("saw", "")
                books.publish(office(), actor(), editor.folder, name, written, saw, _note())
            except Refused as refusal:
                wrong = refusal.message
            else:
                flash(_("已发布，马上起作用。"), "good")
                return redirect(url_for("books.edit", folder=folder, slug=name))
    told = _told(faults, lacking) if act in (PREVIEW, PUBLISH) else lacking
    page = render_template(
        f"books/{folder}.html",
        folder=folder,
        slug=slug,
        saw=books.seen(text) if slug else "",
        tree=tree,
        wrong=wrong,
        told=told,
        note=_note(),
        tried=editor.tried(name, written) if act == PREVIEW and not faults else None,
        is_withdrawn=bool(slug) and not text,
        is_shipped=bool(slug) and books.is_shipped(office(), editor.folder, slug),
        history=books.history(office(), actor(), editor.folder, slug) if slug else [],
        ways=asking_conditions.ways(),
        **editor.shown(tree),
    )
    return page, 422 if wrong or told else 200


def _told(faults: list[Fault], lacking: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the place on the page: ``columns.3`` for the third column, ``where``."""
    found = dict(lacking)
    for one in sorted(faults):
        place = _place(one.key)
        if place not in lacking and not (lacking and place == WHOLE):
            found[place] = "；".join(filter(None, (found.get(place), one.message)))
    return found


def _place(key: str) -> str:
    """``columns[2].value`` → ``columns.3``; ``charts[0].columns[1].by`` → ``charts.1.columns.2``."""
    steps = [f"{name}.{int(number) + 1}" for name, number in LISTED.findall(key)]
    first = key.partition(".")[0].partition("[")[0]
    return ".".join(steps) or (WHOLE if first == "-" else first)


def _note() -> str:
    return " ".join(request.form.get("note", "").split())[:200]


def _editor(folder: str) -> Editor:
    if folder not in EDITORS:
        raise NotFound(folder)
    return EDITORS[folder]


# --- ledgers --------------------------------------------------------------------------------------


def _ledger_begun() -> Tree:
    title, form = (" ".join(request.args.get(name, "").split())[:40] for name in ("title", "form"))
    return asking_ledgers.begun(office(), title, form)


def _ledger_taken(was: Tree) -> Tree:
    tree = asking_ledgers.taken(office(), was, request.form.getlist)
    asking_ledgers.add(office(), tree, request.form.getlist("new"))
    return tree


def _ledger_shown(tree: Tree) -> dict[str, Any]:
    source = request.form.get("source", "") if request.form.get("act") == SHOW else ""
    return {
        "sheet": asking_ledgers.of_ledger(office(), tree),
        "columns": asking_ledgers.of_columns(office(), tree),
        "sources": asking_ledgers.sources(office(), tree),
        "source": source,
        "offered": asking_ledgers.offered(office(), tree, source),
    }


def _ledger_tried(slug: str, text: str) -> Any:
    ledger = ledger_reading.read_ledger(text, slug, office().catalogue)
    rows = trying_ledgers.rows(office(), ledger)
    return {"ledger": ledger, "rows": rows, "laid": ledger_pages.laid(ledger.columns, rows, ON_SCREEN)}


# --- figures --------------------------------------------------------------------------------------


def _sheet_shown(tree: Tree) -> dict[str, Any]:
    return {
        "numbers": asking_figures.numbers(office(), tree),
        "charts": asking_figures.charts(office(), tree),
        "kinds": asking_figures.kinds(),
        "ledgers": asking_figures.ledgers(office()),
        "counted": asking_figures.counted(office()),
        "of_units": asking_figures.counted(office(), overdue=False),
    }


def _sheet_tried(slug: str, text: str) -> Any:
    sheet = figure_reading.read_sheet(text, slug, office().ledgers, office().catalogue)
    found = figure_samples.counted(office(), sheet)
    return {"found": found, "pictures": pictures.drawn(found, _("上期")), "parts": pictures.parts()}


EDITORS = {
    "ledgers": Editor(
        LEDGERS,
        _ledger_begun,
        _ledger_taken,
        asking_ledgers.missing,
        _ledger_shown,
        _ledger_tried,
    ),
    "figures": Editor(
        FIGURES,
        lambda: asking_figures.begun(" ".join(request.args.get("title", "").split())[:30]),
        lambda was: asking_figures.taken(office(), was, request.form.getlist),
        asking_figures.missing,
        _sheet_shown,
        _sheet_tried,
    ),
}
