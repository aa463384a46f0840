"""Making an image that somebody sent into one of our own: its pixels, and nothing else of it.

Decoded and encoded anew by Pillow, so that nothing but what can be seen is left: no place where a
photograph was taken, no other file behind the image, no comment.
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

#: The longer side of what is kept, in pixels.
LONGEST_SIDE = 2000
#: What is not even decoded: 24 megapixels need 72 MB of memory, and few cameras make more.
MOST_PIXELS = 24_000_000
#: A side shorter than this is a line, not a picture.
SHORTEST_SIDE = 50
CONTENT_TYPE = "image/webp"
_FORMATS = ("PNG", "JPEG", "WEBP")


class ImageRefused(ValueError):
    """It is no image that may come in; the message is a sentence for the person who chose it."""


@dataclass(frozen=True)
class CleanImage:
    """An image of our own making, as WebP.

    Attributes:
        width: In pixels.
        height: In pixels.
    """

    data: bytes
    width: int
    height: int


def cleaned(sent: bytes) -> CleanImage:
    """Return an image with its pixels alone, the right way up, at most ``LONGEST_SIDE`` long.

    Raises:
        ImageRefused: No PNG, JPEG or WebP image, damaged, too large to decode, or too narrow.
    """
    try:
        with Image.open(BytesIO(sent), formats=_FORMATS) as found:
            _check_size(found)
            # Lets a JPEG be decoded at a fraction of its size.
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _encoded(_flat(ImageOps.exif_transpose(found)))
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageRefused(_too_many_pixels()) from None
    except UnidentifiedImageError:
        raise ImageRefused(str(_("This is not a PNG, JPEG or WebP image."))) from None
    # What decoders raise where a file is damaged: there is no common class.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError):
        raise ImageRefused(
            str(_("This image is damaged or did not arrive whole. Try another copy."))
        ) from None


def _check_size(found: Image.Image) -> None:
    width, height = found.size
    if width * height > MOST_PIXELS:
        raise ImageRefused(_too_many_pixels())
    if min(width, height) < SHORTEST_SIDE or max(width, height) > 4 * min(width, height):
        raise ImageRefused(
            str(
                _(
                    "This image is too small or too narrow for a map. It needs 50 pixels on each"
                    " side, and to be no more than four times as long as it is wide."
                )
            )
        )


def _too_many_pixels() -> str:
    said = _("This image has more than %(most)d million pixels. Make it smaller first.")
    return str(said) % {"most": MOST_PIXELS // 1_000_000}


def _flat(image: Image.Image) -> Image.Image:
    """Return the first frame in plain colours; what is see-through becomes white paper."""
    if image.mode == "RGB":
        return image
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _encoded(image: Image.Image) -> CleanImage:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image: what came with the old one, such as a colour profile, does not go along.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    kept = BytesIO()
    bare.save(kept, "WEBP", quality=88, method=4)
    return CleanImage(kept.getvalue(), *bare.size)
