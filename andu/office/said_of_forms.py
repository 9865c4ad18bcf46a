"""Whether what the office file says of form types is true of those there are. Called by ``sources``."""

from __future__ import annotations

from difflib import get_close_matches

from flask_babel import gettext as _

from andu.formtypes.faults import nearest
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.catalogue import Catalogue
from andu.office.config import CASES, Config, ConfigFault, placed


def require_known(config: Config, catalogue: Catalogue) -> None:
    """What the office file says of form types is true of them; ``ConfigFault`` with line and remedy."""
    try:
        _require_rules(config, catalogue)
        _require_access(config, catalogue)
    except ConfigFault as fault:
        raise placed(fault, config.lines, config.file) from fault


def _require_rules(config: Config, catalogue: Catalogue) -> None:
    """Every rule under ``signature_rules`` exists; ``ConfigFault`` with the nearest right word.

    A form type that is not here is passed over, unless its name looks like a slip of the pen.
    """
    slugs = [form_type.slug for form_type in catalogue]
    for slug, key in config.signature_rules.items():
        form_type = catalogue.get(slug)
        if form_type is None:
            if not get_close_matches(slug, slugs):
                continue
            near = nearest(slug, slugs)
            raise ConfigFault(_("signature_rules.%(form)s：没有这个表单%(near)s", form=slug, near=near))
        keys = [rule.key for rule in form_type.signatures.enough]
        if key not in keys:
            near = nearest(key, keys)
            said = {"form": slug, "title": form_type.title, "rule": key, "near": near}
            raise ConfigFault(
                _("signature_rules.%(form)s：“%(title)s”没有签字规则“%(rule)s”%(near)s", **said)
            )


def _require_access(config: Config, catalogue: Catalogue) -> None:
    """What ``access_needs`` names exists; ``ConfigFault`` with the nearest right word."""
    needs = config.access_needs
    if needs is None:
        return
    slugs = [form_type.slug for form_type in catalogue]
    for key, slug in (("form", needs.form), *(("for", one) for one in needs.shut if one != CASES)):
        if slug not in slugs:
            near = nearest(slug, [*slugs, CASES] if key == "for" else slugs)
            said = {"key": key, "form": slug, "near": near}
            raise ConfigFault(_("access_needs.%(key)s：没有表单“%(form)s”%(near)s", **said))
    form_type = next(one for one in catalogue if one.slug == needs.form)
    people = [one.key for one in form_type.fields if KINDS[one.kind].names_person and not one.confidential]
    if needs.person not in people:
        said = {"title": form_type.title, "key": needs.person, "near": nearest(needs.person, people)}
        raise ConfigFault(_("access_needs.person：“%(title)s”没有人员字段“%(key)s”%(near)s", **said))
    deadlines = [one.key for one in form_type.deadlines if not one.each]
    if needs.until and needs.until not in deadlines:
        said = {"title": form_type.title, "key": needs.until, "near": nearest(needs.until, deadlines)}
        raise ConfigFault(_("access_needs.until：“%(title)s”没有期限“%(key)s”%(near)s", **said))
    if needs.form in needs.forms(catalogue):
        raise ConfigFault(_("access_needs.for：“%(title)s”本身不能也要先签", title=form_type.title))
