"""Who people are and what they may do: units, accounts, sign-in, sessions, permissions, audit, vault.

Each module owns one table and takes the store first; none of them knows a request or a screen.
"""
