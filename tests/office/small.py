"""Small offices for tests: the sample office with a few form types of the test's own, and nothing else."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path

from andu.formtypes.language.reading import read_text
from andu.office import editions, founding
from andu.office.office import Office
from andu.papers.drawing.drafting import draft_paper
from andu.settings import Settings
from tests.conftest import nothing_wrong
from tests.store.outside import at_rest


def laid(settings: Settings, folder: Path, these: Mapping[str, str]) -> Settings:
    """Settings whose forms (slug to YAML) and papers lie in ``folder``, with no ledger there yet."""
    forms, papers = folder / "forms", folder / "papers"
    forms.mkdir()
    papers.mkdir()
    (papers / "words.txt").write_text("", encoding="utf-8")
    settings = dataclasses.replace(settings, forms=forms, templates=papers, ledgers=folder / "ledgers")
    write(settings, these)
    return settings


def write(settings: Settings, these: Mapping[str, str]) -> None:
    """Lay these forms with their papers where the office will find them when it is opened."""
    for slug, text in these.items():
        (settings.forms / f"{slug}.yaml").write_text(text, encoding="utf-8")
        (settings.templates / f"{slug}.docx").write_bytes(draft_paper(read_text(text, slug)))


def found(settings: Settings, folder: Path, these: Mapping[str, str]) -> Settings:
    """Found the sample office in ``settings.instance`` with these forms only; its settings."""
    settings = laid(settings, folder, these)
    founding.prepare_folder(settings, example=True)
    office_file = settings.office_file
    lines = office_file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("signature_rules:")]
    office_file.write_text("\n".join(kept), encoding="utf-8")
    office = opened(settings)
    founding.load_people(office)
    editions.publish(office)
    at_rest(office.store)
    office.store.close()
    return settings


def copied(founded: Settings, folder: Path, clock: object) -> Settings:
    """Settings of a fresh copy of that office."""
    shutil.copytree(founded.instance, folder)
    return dataclasses.replace(founded, instance=folder, clock=clock, testing=True)  # type: ignore[arg-type]


def opened(settings: Settings) -> Office:
    """The office of these settings, with stand-ins for LibreOffice and the layout checker."""
    from tests.views.conftest import blank_pdf

    return Office.open(settings, blank_pdf, nothing_wrong)
