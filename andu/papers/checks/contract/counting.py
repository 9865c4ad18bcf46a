"""Fields that count (SEQ, AUTONUM, LISTNUM) in a loop that prints copies: the second copy counts on.

Called by ``checking``. Word's numbered lists start again in each copy (``template.lists``); a field counts
through the whole document, and nobody but whoever writes the paper knows what it should say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from jinja2 import nodes

from andu.papers.checks.contract.finding import WARNING, Finding
from andu.papers.checks.contract.places import part_label
from andu.papers.template.sandbox import ENVIRONMENT

_FIELD = re.compile(r"(?:<w:instrText[^>]*>|\bw:instr=[\"'])\s*(SEQ|AUTONUM\w*|LISTNUM)\b")


def counting_fields(sources: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each kind of such field; ``sources``: part name → Jinja source."""
    for name, source in sources.items():
        if _FIELD.search(source) is None:
            continue
        for loop in ENVIRONMENT.parse(source).find_all(nodes.For):
            if isinstance(loop.iter, nodes.List | nodes.Tuple):
                data = "".join(node.data for node in loop.find_all(nodes.TemplateData))
                for field in dict.fromkeys(_FIELD.findall(data)):
                    words = _(
                        "编号的域 %(field)s 在各联里会接着往下数：请改成 Word 的自动编号，或直接写数字。",
                        field=field,
                    )
                    yield Finding(WARNING, words, part_label(name))
