"""What pages of the two halves are set in: fonts, colours and words, each of one half only."""

from dataclasses import dataclass

from helpers.fonts import (
    CAPITALS,
    GROTESQUE,
    HAND,
    ROMAN,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    SIGNATURE,
    SQUARE,
)

WORDS_TEXT = """
account address after agreed amount annual answer archive article autumn balance before branch
bridge budget building button cancel carpet centre change charge circle client colour column
contract copper corner counter course customer daily date delivery deposit detail district
document draft early east edition engine entry estate evening event extra factory field figure
final first follow forest form garden general glass green ground harbour house index inside
invoice island item journal kitchen label language late ledger letter level library light list
local manager margin market measure meeting member method minute model month morning mountain
narrow nature network north notice number object office open option orange order outside owner
page paper parcel partner payment pencil period person picture place plan plate point position
postal power present price print process product profile project public quarter question rate
reason receipt record reference region report request river road room round sample schedule
school season second section select series service shelf signal silver simple south space
station storage street subject summer supply surface system table target tariff the ticket
timber today total tower town travel unit update upper valley value version village volume water
weekly west window winter within wooden work yellow yesterday
"""
WORDS = WORDS_TEXT.split()  # the halves take every other one
ACCENTED = (
    "café naïve façade entrée señor crêpe mañana Zürich",
    "déjà première jalapeño soufflé Málaga rôle über fiancé",
)
SHORT_WORDS = [
    "a", "and", "as", "at", "by", "for", "from", "in", "is", "it", "no", "not", "of", "on", "or",
    "our", "that", "the", "to", "was", "with", "you",
]  # fmt: skip


@dataclass(frozen=True)
class Style:
    """The fonts, colours and words of one half.

    Colours are "#rrggbb". A theme has ground, panel, ink, pale ink and accent; `papers` are pairs
    of paper and ink, `heads` pairs of a table's head and its other rows.
    """

    body: tuple[str, ...]
    medium: str
    bold: str
    heading: tuple[str, ...]
    script: str
    themes: tuple[tuple[str, str, str, str, str], ...]
    papers: tuple[tuple[str, str], ...]
    heads: tuple[tuple[str, str], ...]
    accents: tuple[str, ...]
    vocabulary: tuple[str, ...]
    names: tuple[str, ...]


TUNING = Style(
    body=(SANS, SANS, ROMAN),
    medium=SANS_MEDIUM,
    bold=SANS_BOLD,
    heading=(SANS_BOLD, ROMAN),
    script=HAND,
    themes=(
        ("#eef1f5", "#ffffff", "#1d2733", "#6b7785", "#0b6e7f"),
        ("#1f2430", "#2b3140", "#e8ecf2", "#98a3b3", "#f0a35e"),
        ("#f7efe5", "#fffaf3", "#3a2a1a", "#8a7763", "#b5451f"),
    ),
    papers=(("#ffffff", "#1a1a1a"), ("#faf6ec", "#2b2118"), ("#fbeee6", "#222222")),
    heads=(("#2d3e50", "#f2f5f8"), ("#5b3b6e", "#f6f0fa")),
    accents=("#205072", "#9b2d1f", "#b5651d", "#6c8ebf", "#8cbf6c", "#c9a227"),
    vocabulary=(*WORDS[::2], *ACCENTED[0].split()),
    names=("Ada Brook", "Lina Holm", "Nora Finch", "Mara Stone", "Selma Rowe", "Greta Moss"),
)
REPORTING = Style(
    body=(GROTESQUE, GROTESQUE, SQUARE),
    medium=GROTESQUE,
    bold=SQUARE,
    heading=(CAPITALS, SQUARE),
    script=SIGNATURE,
    themes=(
        ("#dfe9e3", "#f6fbf7", "#17301f", "#5f7a68", "#2f7d4f"),
        ("#2a1f3d", "#3a2c55", "#f1eafc", "#b1a2cc", "#e15fa0"),
        ("#d5dcf2", "#fdfdff", "#20264a", "#6b7299", "#4457c8"),
    ),
    papers=(("#ffffff", "#202124"), ("#f1f3f5", "#15202b"), ("#edf5ea", "#2a2a2a")),
    heads=(("#333333", "#eeeeee"), ("#1f5c4d", "#e9f3ef")),
    accents=("#7a1f3d", "#2f6f4f", "#444444", "#b07aa1", "#e07b39", "#3c8dad"),
    vocabulary=(*WORDS[1::2], *ACCENTED[1].split()),
    names=("Tomas Reed", "Karim Vale", "Jonas Weir", "Ivo Lark", "Pavel Thorne", "Omar Field"),
)
