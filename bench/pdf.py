"""``python -m bench.pdf``: our warm LibreOffices against the cold command, and the seconds of one paper.

The yardstick is the command everybody uses, one process for each paper, on a profile that exists already:
``soffice --headless --convert-to pdf``. Ours are two warm instances behind ``Converter``, as the service
keeps them on two cores. Both print the same paper, in turns within one run; medians of the pairs are shown.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from andu.formtypes.language.reading import read_form
from andu.papers.drawing.drafting import draft_paper
from andu.papers.pdf import Converter
from andu.papers.pdf.fonts import write_configuration
from andu.settings import ROOT, Settings

PAIRS = 5
WARM_PAPERS, COLD_PAPERS = 40, 4
WARM_INSTANCES = 2
FORM = "completion_report"


def cold(docx: Path, home: Path, environment: dict[str, str]) -> None:
    """One paper by the command."""
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", docx.name]
    docx.with_suffix(".pdf").unlink(missing_ok=True)
    subprocess.run(command, cwd=docx.parent, env=environment, capture_output=True, check=False)


def cold_seconds(docx: bytes, home: Path, environment: dict[str, str], papers: int) -> float:
    """Seconds for each of so many papers, one command after the other."""
    paper = home / "paper.docx"
    paper.write_bytes(docx)
    begin = time.perf_counter()
    for _paper in range(papers):
        cold(paper, home, environment)
        if not paper.with_suffix(".pdf").exists():
            raise SystemExit("the cold command has made no PDF")
    return (time.perf_counter() - begin) / papers


def warm_seconds(docx: bytes, converter: Converter, papers: int) -> float:
    """Seconds for each of so many papers, asked for all at once."""
    begin = time.perf_counter()
    made = converter.many([docx] * papers)
    if not all(isinstance(one, bytes) for one in made):
        raise SystemExit("a warm instance has made no PDF")
    return (time.perf_counter() - begin) / papers


def main() -> int:
    """Measure and print; 1 when the promise of eight times is not kept."""
    fonts = Settings().fonts
    docx = draft_paper(read_form(ROOT / "forms" / f"{FORM}.yaml", None))
    converter = Converter(fonts, WARM_INSTANCES)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {"PATH": os.defpath, "HOME": folder, "LC_ALL": "C.UTF-8"}
        environment["FONTCONFIG_FILE"] = str(write_configuration(fonts, home))
        for _warming in range(2):  # a fresh profile asks to be started again
            cold(home / "none.docx", home, environment)
        begin = time.perf_counter()
        converter.to_pdf(docx)
        opening = time.perf_counter() - begin
        warm_seconds(docx, converter, WARM_INSTANCES * 4)
        pairs, single = [], []
        for _pair in range(PAIRS):
            before = cold_seconds(docx, home, environment, COLD_PAPERS)
            pairs.append((before, warm_seconds(docx, converter, WARM_PAPERS)))
            single.append(warm_seconds(docx, converter, 1))
    converter.close()
    ratio = statistics.median(before / after for before, after in pairs)
    slow, fast = (statistics.median(one) for one in zip(*pairs, strict=True))
    print(f"PDF of {FORM}, {PAIRS} pairs on {len(os.sched_getaffinity(0))} cores")
    print(f"  soffice --headless --convert-to pdf  {slow:6.3f} s a paper {1 / slow:6.1f} papers a second")
    ours = f"{WARM_INSTANCES} warm instances"
    print(f"  {ours:<36} {fast:6.3f} s a paper {1 / fast:6.1f} papers a second")
    print(f"  throughput {ratio:.1f} times")
    alone = statistics.median(single)
    print(f"  one paper alone: warm {alone:.3f} s; cold {slow:.2f} s; the first of a process {opening:.2f} s")
    return int(ratio < 8)


if __name__ == "__main__":
    sys.exit(main())
