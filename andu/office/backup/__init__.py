"""Copies of the office: made while it works, tried out, put back. Called by the timer and the commands.

A copy is one file for one key (``security.age``): ``making`` writes it, ``drilling`` proves that it can be
opened and holds together, ``restoring`` puts it in the place of a lost office; ``archive`` alone knows what
lies in it, ``standing`` says how old the last ones are.
"""
