"""The demo's invented plan of a playground, and markers on it and on the body map."""

from io import BytesIO

from PIL import Image, ImageDraw

from core.attachments import services as attachments
from schools.actors import StaffActor
from schools.models import SchoolMap
from schools.selectors.maps import map_sheets
from schools.services.maps import add_map
from ui.maps import MarkedMap, Marker, marked_maps

_GRASS, _TARMAC, _LINES, _WALL, _SAND = "#c9dfb8", "#d3d6da", "#ffffff", "#8a5a44", "#ecd9a8"


def add_playground(actor: StaffActor) -> SchoolMap:
    """Add the plan, where the school has none."""
    if found := SchoolMap.objects.first():
        return found
    sent = attachments.seal(actor=actor, filename="playground.png", chunks=[_plan()])
    return add_map(actor=actor, name="Playground", sent=sent.ref)


def on_the_body(*markers: tuple[float, float, str]) -> list[MarkedMap]:
    """Return the child's body map with markers: x, y and note."""
    return _marked("body_child", markers)


def in_the_playground(plan: SchoolMap, *markers: tuple[float, float, str]) -> list[MarkedMap]:
    """Return the plan with markers: x, y and note."""
    return _marked(str(plan.ref), markers)


def _marked(code: str, markers: tuple[tuple[float, float, str], ...]) -> list[MarkedMap]:
    return marked_maps(map_sheets(), [Marker(code, x, y, note) for x, y, note in markers])


def _plan() -> bytes:
    """Return a plan of a playground: field, court, sand pit, trees, and the school's wall."""
    image = Image.new("RGB", (1200, 900), _GRASS)
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 180, 700, 840), fill=_TARMAC)
    draw.rectangle((60, 40, 1140, 130), fill=_WALL)
    draw.text((600, 85), "School", fill=_LINES, anchor="mm", font_size=44)
    draw.rectangle((120, 260, 640, 620), outline=_LINES, width=6)
    draw.line((380, 260, 380, 620), fill=_LINES, width=6)
    draw.ellipse((315, 375, 445, 505), outline=_LINES, width=6)
    for step in range(5):
        draw.rectangle((130 + 90 * step, 700, 210 + 90 * step, 780), outline=_LINES, width=5)
        draw.text((170 + 90 * step, 740), str(step + 1), fill=_LINES, anchor="mm", font_size=40)
    draw.rounded_rectangle((800, 220, 1080, 420), 30, fill=_SAND, outline=_WALL, width=8)
    draw.text((940, 320), "Sand pit", fill=_WALL, anchor="mm", font_size=36)
    for x, y in ((820, 560), (960, 640), (1080, 540), (880, 780), (1060, 780)):
        draw.ellipse((x - 55, y - 55, x + 55, y + 55), fill="#7fa870", outline="#5d8450", width=5)
    draw.rectangle((1120, 480, 1150, 620), fill=_WALL)
    draw.text((1085, 450), "Gate", fill=_WALL, anchor="mm", font_size=36)
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
