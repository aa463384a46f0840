"""Line drawings for the navigation and controls, 20 by 20, drawn with the text's own colour."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

PATHS = {
    "dashboard": "M3 9.5 10 3.5l7 6V16.5h-4.5v-4.5h-5v4.5H3z",
    "incidents": "M5 3.5h10v13H5zM7.5 7h5M7.5 10h5M7.5 13h3",
    "students": "M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.5 16.5c0-3 2-4.5 5-4.5s5 1.5 5 4.5M13 9.5a2.5 2.5 0 1 0-1-4.8M14 12.2c2.200.3 3.500 1.700 3.500 4.300",
    "audit": "M10 16.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM10 6.500V10l2.500 1.500",
    "support": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.900 8a2.100 2.100 0 1 1 3.200 1.800c-.7.500-1.100.9-1.100 1.700M10 14v.1",
    "administration": "M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4",
    "bell": "M10 3a4.500 4.500 0 0 0-4.500 4.500c0 4.500-2 5.500-2 5.500h13s-2-1-2-5.500A4.500 4.500 0 0 0 10 3zM8.500 16a1.700 1.700 0 0 0 3 0",
    "add": "M10 4.500v11M4.500 10h11",
    "remove": "M5.500 5.500l9 9M14.500 5.500l-9 9",
    "file": "M5.500 3h6l3.500 3.500V17h-9.500zM11.500 3v3.500H15",
    "upload": "M10 13V4.500M6.500 8 10 4.500 13.500 8M4 13v3.500h12V13",
    "names": "M2 10c2-3.500 4.700-5.200 8-5.200s6 1.700 8 5.200c-2 3.500-4.700 5.200-8 5.200S4 13.500 2 10zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    "names_hidden": "M2 10c2-3.500 4.700-5.200 8-5.200s6 1.700 8 5.200c-2 3.500-4.700 5.200-8 5.200S4 13.500 2 10zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM4 16 16 4",
    "menu": "M5.500 8l4.500 4.500L14.500 8",
}


def svg(name: str) -> SafeString:
    """A drawing by name, hidden from screen readers."""
    return format_html(
        '<svg class="ui-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        PATHS[name],
    )
