"""The books kept beside the records: the register, the rows of ledgers, the words that tell likeness.

``consequences`` is the one list of what follows from what happened to a record.
"""
