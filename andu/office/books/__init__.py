"""The books: the register, ledgers, lists and figures over what was numbered, and whether all agree."""
