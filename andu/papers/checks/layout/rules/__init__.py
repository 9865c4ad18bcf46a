"""The rules, by the part of the paper they judge; ``RULES`` lists them all.

Each takes a ``Paper`` and yields findings. A rule that does not concern a paper, or that cannot find in the
PDF what it measures, says nothing.
"""
