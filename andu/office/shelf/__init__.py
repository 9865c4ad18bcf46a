"""The shelf of form types, and what the office sets for itself: made, checked and published in the browser.

A design (``designs``) is a form type on its way; ``blank_forms`` makes one out of a blank Word form,
``beginning`` keeps its paper, ``checking`` says what is wrong with it, ``publishing`` puts it in force.
``settings`` does the same for the office's own texts.
"""
