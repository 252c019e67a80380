"""The fonts that pictures are drawn with. All are free; their licences are beside them."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent

SANS = "figtree-latin-400-normal.woff"
SANS_MEDIUM = "figtree-latin-500-normal.woff"
SANS_BOLD = "figtree-latin-600-normal.woff"
GROTESQUE = "libre-franklin-latin-400-normal.woff"
ROMAN = "marcellus-latin-400-normal.woff"
SQUARE = "oxanium-latin-500-normal.woff"
CAPITALS = "playfair-display-sc-latin-700-normal.woff"
HAND = "la-belle-aurore-latin-400-normal.woff"
SIGNATURE = "mrs-saint-delafield-latin-400-normal.woff"


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """Load a font of this folder, such as `SANS`, at `size` pixels."""
    # The basic layout engine is in every build of Pillow; the other needs a library of the system.
    return ImageFont.truetype(FOLDER / face, size, layout_engine=ImageFont.Layout.BASIC)
