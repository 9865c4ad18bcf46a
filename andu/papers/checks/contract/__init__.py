"""The contract between a form and its paper: what the paper names is known, what is printed is on it.

``check`` reads a paper beside its form and judges; ``examine`` also fills it with the form's own samples, as
the task of a confined child (``confined``), for ``examination``. Both read names with the environment that
fills. Severity ``error`` keeps a form and its paper from being used together; ``warning`` is advice. Nothing
is changed here.
"""

from andu.papers.checks.contract.checking import INTERNAL, check
from andu.papers.checks.contract.examining import examine, payload
from andu.papers.checks.contract.finding import ERROR, WARNING, Finding, has_errors

__all__ = ["ERROR", "INTERNAL", "WARNING", "Finding", "check", "examine", "has_errors", "payload"]
