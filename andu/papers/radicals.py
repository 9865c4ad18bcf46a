"""The text layer of a PDF by wkhtmltopdf, set right: characters where it has the radicals that look alike.

Called by ``sheets``; ``checks.printed`` compares by the same table. Without it ⻓ stands for 长 in the text,
and a printed list can be neither searched nor copied from; what is seen on the page does not change.
"""

from __future__ import annotations

import re
import unicodedata

from pypdf import PdfWriter
from pypdf.generic import StreamObject

# Radicals that share a glyph with a character in Noto and that Unicode itself does not lead back to it; found
# by printing U+4E00–9FEF and reading the PDF. ⼾ leads back to 戶, which is not how it is written here.
_PAIRS = (
    "⺂乛⺃乚⺅亻⺉刂⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺫罒⺭礻⺯糹⺰纟⺱罓⺹耂⺺肀⺾艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⼾户㬵胶"
)
CHARACTERS = {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)}
CHARACTERS |= str.maketrans(_PAIRS[::2], _PAIRS[1::2])
# glyphs from–to, then the character of the first, or those of all in an array
_GLYPHS = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]{4})> (?:<([0-9A-F]{4})>|\[([^]]*)])", re.MULTILINE)


def mend(writer: PdfWriter) -> None:
    """Put characters for radicals in the character maps of all fonts of a PDF, in place."""
    for thing in writer._objects:
        if isinstance(thing, StreamObject) and b"begincmap" in (cmap := thing.get_data()):
            thing.set_data(_GLYPHS.sub(_with_characters, cmap))


def _with_characters(glyphs: re.Match[bytes]) -> bytes:
    first, last, start, array = glyphs.groups()
    if start:
        codes = list(range(int(start, 16), int(start, 16) + int(last, 16) - int(first, 16) + 1))
    else:
        codes = [int(code, 16) for code in re.findall(rb"[0-9A-F]+", array)]
    if CHARACTERS.keys().isdisjoint(codes):
        return glyphs[0]
    return b"<%s> <%s> [%s]" % (first, last, b" ".join(b"<%04X>" % CHARACTERS.get(c, c) for c in codes))
