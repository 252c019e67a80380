"""Figures for the notebooks: pictures side by side, with a caption and alt text.

Importing this module sets matplotlib's style: large enough type for a projector, and the palette of
`helpers.colors`.
"""

import base64
from collections.abc import Mapping
from io import BytesIO

import cv2
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image as PillowImage

from helpers.colors import BLUE, GRAY, GREEN, ORANGE, RED
from helpers.encoding import fit
from helpers.errors import PictureError, brief
from helpers.loading import as_plain, check_image, check_whole, is_array

WIDTH = 9.6  # inches
MOST = 100  # pictures in a figure
TALLEST = 4  # times as tall as wide: more of a figure than that is given to no picture
DPI = 90
LARGEST = 3000  # pixels of a side that is drawn, more than a figure shows
MOST_PIXELS = 50_000_000  # of a figure

plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=[BLUE, RED, GREEN, ORANGE, GRAY]),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.figsize": (WIDTH, 3.6),
        "figure.constrained_layout.use": True,
        "font.size": 11,
    }
)


def show(content: Figure | Mapping[str, NDArray], *, caption: str, alt: str) -> None:
    """Display a figure with a caption under it, and alt text for those who cannot see it.

    Parameters
    ----------
    content : Figure or mapping of title to picture
        A matplotlib figure, which is closed; or pictures, laid out by `panels`.
    caption : str
        What to look at, one or two sentences.
    alt : str
        What the figure shows, for a screen reader. Stored in the output's metadata, from where
        nbconvert and myst-nb write it into the page.

    Raises
    ------
    PictureError
        `caption` or `alt` is no text, or `content` nothing that can be drawn.
    """
    for name, text in (("caption", caption), ("alt", alt)):
        if not isinstance(text, str):
            raise PictureError(f"the {name} is {brief(text)}. Give text.")
    figure = content if isinstance(content, Figure) else panels(content)
    data, metadata = as_output(figure, alt)
    display(data, raw=True, metadata=metadata)
    display({"text/markdown": f"*{caption}*", "text/plain": caption}, raw=True)


def as_output(figure: Figure, alt: str) -> tuple[dict[str, str], dict[str, dict]]:
    """Close a figure and return it as `display` takes it: data, and metadata with the alt text."""
    try:
        png = base64.b64encode(_small_png(figure)).decode()
    finally:
        plt.close(figure)
    return {"image/png": png, "text/plain": alt}, {"image/png": {"alt": alt}}


def _small_png(figure: Figure) -> bytes:
    """Draw with 256 colours where the figure has more: a third of the bytes, little to see."""
    width, height = figure.get_size_inches()
    if not width * height * DPI**2 <= MOST_PIXELS:
        raise PictureError(
            f"The figure has {width:g} x {height:g} inches, more than can be drawn. Give a smaller "
            f"figsize; the page is {WIDTH} inches wide."
        )
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    drawing = PillowImage.open(buffer).convert("RGB")
    if drawing.getcolors(256) is None:
        palette = drawing.quantize(256, method=PillowImage.Quantize.FASTOCTREE)
        drawing = drawing.quantize(palette=palette)  # a palette that is given is dithered to
    small = BytesIO()
    drawing.save(small, format="png", optimize=True)
    return small.getvalue()


def panels(pictures: Mapping[str, NDArray], *, columns: int | None = None) -> Figure:
    """Draw pictures side by side, each under its title.

    Parameters
    ----------
    pictures : mapping of str to ndarray
        BGR or gray uint8 pictures, or similarity maps (float, black = -1, white = 1).
    columns : int, optional
        Pictures in a row; unless given 3 for 3, 5 or 6 pictures, 2 otherwise.

    Returns
    -------
    Figure

    Raises
    ------
    PictureError
        There is no picture, more than 100, or one that can be neither a picture nor a map; or
        `columns` is no number.
    """
    if not isinstance(pictures, Mapping) or not pictures:
        given = "No pictures were" if isinstance(pictures, Mapping) else f"{brief(pictures)} was"
        raise PictureError(f"{given} given. Give at least one, as {{title: picture}}.")
    if len(pictures) > MOST:
        raise PictureError(f"{len(pictures)} pictures were given. Give at most {MOST}.")
    pictures = {title: _checked(title, picture) for title, picture in pictures.items()}
    if columns is None:
        columns = 3 if len(pictures) in (3, 5, 6) else min(len(pictures), 2)
    columns = check_whole(columns, "columns", 1, MOST)
    rows = -(-len(pictures) // columns)
    height, width = next(iter(pictures.values())).shape[:2]
    row_height = WIDTH / columns * min(height / width, TALLEST) + 0.35
    fig, axes = plt.subplots(rows, columns, figsize=(WIDTH, rows * row_height), squeeze=False)
    for ax in axes.flat[len(pictures) :]:
        ax.axis("off")
    for ax, (title, picture) in zip(axes.flat, pictures.items(), strict=False):
        draw(ax, picture)
        ax.set_title(title)
    return fig


def _checked(title: str, picture: NDArray) -> NDArray:
    """Return a picture or a map as a plain array, or raise `PictureError`."""
    if not is_array(picture) or np.asarray(picture).dtype.kind != "f":
        return check_image(picture, f"the picture {brief(title)}")
    similarity = as_plain(picture, f"the map {brief(title)}")
    if similarity.ndim != 2 or similarity.size == 0:
        raise PictureError(
            f"the map {brief(title)} has the shape {similarity.shape}. Expected (height, width)."
        )
    return similarity


def _is_map(picture: NDArray) -> bool:
    return isinstance(picture, np.ndarray) and np.issubdtype(picture.dtype, np.floating)


def draw(ax: plt.Axes, picture: NDArray) -> None:
    """Draw one picture on matplotlib axes; the one place where BGR becomes RGB."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="#BBBBBB")  # white pictures end somewhere too
    rows, columns = picture.shape[:2]
    small = fit(picture, LARGEST, LARGEST, enlarge=False)  # matplotlib takes 40 bytes a pixel
    where = {"extent": (-0.5, columns - 0.5, rows - 0.5, -0.5)}  # in pixels of the picture
    if _is_map(picture):
        ax.imshow(small, cmap="gray", vmin=-1, vmax=1, **where)
    elif picture.ndim == 2:
        ax.imshow(small, cmap="gray", vmin=0, vmax=255, **where)
    else:
        ax.imshow(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), **where)


def open_window(pictures: Mapping[str, NDArray], *, title: str) -> None:
    """Open a window with the pictures and wait until it is closed.

    Raises
    ------
    PictureError
        matplotlib cannot open windows here: no screen, no Tk, or MPLBACKEND asks for none.
    """
    window = panels(pictures)
    if window.canvas.required_interactive_framework is None:
        plt.close(window)
        raise PictureError(
            "No window can be opened: there is no screen, this Python has no Tk, or MPLBACKEND "
            "asks for none. Write the pictures with --out DIR instead."
        )
    window.suptitle(title)
    plt.show()
