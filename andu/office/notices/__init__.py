"""Notices where people are: counts of what waits, by e-mail over the office's own server and to group robots.

Off as shipped. Nothing of a matter leaves the office this way, and a server that fails stops nobody.
"""
