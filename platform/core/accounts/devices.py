"""What a browser says of itself, in words that its owner knows it by."""

from django.utils.translation import gettext, gettext_noop

# The first that is named counts: browsers name their relatives too, after themselves.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", gettext_noop("an iPhone")),
    ("iPad", gettext_noop("an iPad")),
    ("Android", gettext_noop("an Android device")),
    ("CrOS", gettext_noop("a Chromebook")),
    ("Windows", "Windows"),
    ("Macintosh", gettext_noop("a Mac")),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Return a browser and its device in words: “Chrome on Windows”.

    Args:
        user_agent: As the browser sent it; it may say anything, and is only a help to memory.
    """
    browser = _first(_BROWSERS, user_agent) or gettext("A browser")
    system = _first(_SYSTEMS, user_agent)
    if not system:
        return browser
    return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": gettext(system)}


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((words for mark, words in known if mark in said), "")
