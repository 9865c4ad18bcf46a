"""``python -m andu.cli``, which ``script/andu`` runs."""

import sys

from andu.cli import main

sys.exit(main(prog_name="script/andu"))
