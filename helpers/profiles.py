"""ICC profiles: what colours a picture has, and how they become those of sRGB.

Pillow asks littlecms, and is imported with the first profile. Both may be without it.
"""

import io
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SAME_COLOUR = 3  # levels by which a profile like sRGB may move a colour
SAME_GRAY = 6  # the same for gray, whose usual curve is the power of 2.2
BAND = 256  # rows that are converted at once, which bounds the memory it takes


@lru_cache(maxsize=16)
def foreign_profile(profile: bytes, is_gray: bool) -> str:
    """Name the colours of an ICC profile unless they are those of sRGB.

    Parameters
    ----------
    profile : bytes
    is_gray : bool
        Of a gray picture, for which a profile of gray will do.

    Returns
    -------
    str
        "" for sRGB: a profile that leaves the colours, or the grays, of sRGB as they are.
    """
    from PIL import Image, ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(opened).strip()[:60] or "without a name"
        space = opened.profile.xcolor_space.strip()
        if space not in ("RGB", "GRAY") or (space == "GRAY" and not is_gray):
            return name
        steps = bytes(range(0, 256, 51))
        colours = Image.frombytes(
            "RGB", (36, 6), bytes(c for r in steps for g in steps for b in steps for c in (r, g, b))
        )
        intent, srgb = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.createProfile("sRGB")
        if space == "GRAY":
            colours = Image.frombytes("L", (6, 1), steps)
        seen = ImageCms.profileToProfile(colours, opened, srgb, intent, outputMode="RGB")
        colours = colours.convert("RGB")
        moved = max(abs(a - b) for a, b in zip(colours.tobytes(), seen.tobytes(), strict=True))
        most = SAME_GRAY if space == "GRAY" else SAME_COLOUR
        return name if moved > most else ""
    except Exception:  # a profile can be wrong in every way
        return "unreadable"


def to_srgb(pixels: NDArray, profile: bytes) -> NDArray | None:
    """Convert colours, or grays, from those of an ICC profile to those of sRGB.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width) or (height, width, 3 or 4)
        Gray, BGR or BGRA; alpha stays as it is.
    profile : bytes

    Returns
    -------
    ndarray of uint8, shape (height, width, 3 or 4), or None
        None where that cannot be: values of 16 bits, a profile that is damaged or for other
        colours, as of a print, or Pillow without littlecms.

    Notes
    -----
    The intent is relative colorimetric: white stays white, and colours beyond sRGB are clipped.
    """
    if pixels.dtype != np.uint8:
        return None
    try:
        space, transform = _transform(profile)
        if space == "GRAY" and pixels.ndim != 2:
            return None
        channels = max(3, pixels.shape[2] if pixels.ndim == 3 else 1)
        converted = np.empty((*pixels.shape[:2], channels), np.uint8)
        for top in range(0, len(pixels), BAND):
            band = pixels[top : top + BAND]
            converted[top : top + BAND, :, :3] = _convert(band, space, transform)
            converted[top : top + BAND, :, 3:] = band[..., 3:] if pixels.ndim == 3 else 0
    except MemoryError:
        raise
    except Exception:  # a profile can be wrong in every way
        return None
    return converted


@lru_cache(maxsize=16)
def _transform(profile: bytes) -> tuple[str, Any]:
    """Return the colours that a profile is for, and the way from them to sRGB."""
    from PIL import ImageCms

    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    space = opened.profile.xcolor_space.strip()
    mode = {"RGB": "RGB", "GRAY": "L"}[space]
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    srgb = ImageCms.createProfile("sRGB")
    return space, ImageCms.buildTransform(opened, srgb, mode, "RGB", intent)


def _convert(band: NDArray, space: str, transform: Any) -> NDArray:
    from PIL import Image

    if space == "RGB":
        bgr = cv2.cvtColor(band, cv2.COLOR_GRAY2BGR) if band.ndim == 2 else band[..., :3]
        band = bgr[..., ::-1]
    seen = transform.apply(Image.fromarray(np.ascontiguousarray(band)))
    return np.asarray(seen)[..., ::-1]
