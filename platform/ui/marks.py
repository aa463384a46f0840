"""Marks words for the catalogue in modules that know nothing of Django (policies and terms).

What is marked here is translated where it is shown: ``gettext(refusal.sentence)``.
"""


def gettext_noop(words: str) -> str:
    """Mark words to be translated, and return them as they are."""
    return words
