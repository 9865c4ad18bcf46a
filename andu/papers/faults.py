"""The one error that papers raise: a template or a value from which no paper can be made.

Raised by every module of this floor that touches a docx; ``andu.office`` shows its text as it is. Its text
is a Chinese sentence that says what is wrong and, where known, which paragraph of the template it stands
in.
"""


class PaperFault(Exception):
    """A paper cannot be made; ``str()`` is the sentence for the person who must mend it."""
