"""The reader of XLSForms: the questions of a spreadsheet as the sections and fields of a form type.

``apart`` runs in a confined child, since the file is a stranger's: pyxform reads it there; what becomes of
each row is decided in ``rows``, its conditions in ``conditions``. Whatever cannot be said here is told, row
by row, with the reason.
"""
