"""A bare printed circuit board under an inspection camera, and five defects on it.

All positions are in pixels of the finished picture; the layers are drawn SCALE times larger.
"""

from copy import deepcopy
from functools import cache

import cv2
import numpy as np

from .common import DrawnPair, draw_with_changes

WIDTH, HEIGHT, SCALE = 800, 600, 3
TRACE = 4
Point = tuple[float, float]

# Colours as blue, green, red.
LAMINATE = (74, 112, 128)
MASK_ON_LAMINATE = (34, 62, 14)
MASK_ON_COPPER = (62, 122, 36)
GOLD = (112, 186, 224)
SILK = (222, 232, 230)
HOLE = (16, 20, 18)


def _scaled(*values: float) -> list[int]:
    return [round(value * SCALE) for value in values]


class Layers:
    """The layers of the board as masks: copper, openings in the solder mask, silkscreen, holes."""

    def __init__(self) -> None:
        shape = (HEIGHT * SCALE, WIDTH * SCALE)
        self.copper, self.bare, self.silk, self.holes = (np.zeros(shape, np.uint8) for _ in "1234")
        self.spokes: list[tuple[float, float, float]] = []  # x, y, length

    def trace(self, *points: Point, width: float = TRACE, layer: str = "copper") -> None:
        """A line of copper (or of silkscreen) through the points."""
        corners = np.array([_scaled(x, y) for x, y in points])
        cv2.polylines(getattr(self, layer), [corners], False, 255, round(width * SCALE))

    def patch(self, *corners: Point, value: int = 255) -> None:
        """Add copper with any outline; `value` 0 takes copper away."""
        cv2.fillPoly(self.copper, [np.array([_scaled(x, y) for x, y in corners])], value)

    def pad(self, x: float, y: float, width: float, height: float) -> None:
        """A rectangle of bare copper around (x, y)."""
        for mask in (self.copper, self.bare):
            corner = _scaled(x - width / 2, y - height / 2)
            opposite = _scaled(x + width / 2, y + height / 2)
            cv2.rectangle(mask, corner, opposite, 255, -1)

    def disc(self, layer: str, x: float, y: float, radius: float, value: int = 255) -> None:
        """A filled circle in a layer; `value` 0 erases."""
        cv2.circle(getattr(self, layer), _scaled(x, y), round(radius * SCALE), value, -1)

    def ring(self, x: float, y: float, radius: float, hole: float) -> None:
        """A plated hole: bare copper around a drill hole."""
        self.disc("copper", x, y, radius)
        self.disc("bare", x, y, radius)
        self.disc("holes", x, y, hole)

    def ground(self, x: float, y: float, length: float = 17) -> None:
        """Tie a pin to the ground plane, by spokes so that it can still be soldered."""
        self.spokes.append((x, y, length))

    def via(self, x: float, y: float) -> None:
        """A plated hole that carries a line to another side of the board."""
        self.ring(x, y, 5.5, 2.5)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """A silkscreen outline around (x, y)."""
        left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        self.trace(*corners, width=1.4, layer="silk")

    def text(self, words: str, x: float, y: float, size: float = 11, upright: bool = False) -> None:
        """Silkscreen text with its lower left corner at (x, y); `upright` text runs upwards."""
        scale, thickness = size * SCALE / 22, 2
        (width, height), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
        label = np.zeros((height + 16, width + 8), np.uint8)
        cv2.putText(label, words, (2, height + 4), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thickness)
        label = np.rot90(label) if upright else label
        left, bottom = _scaled(x, y)
        area = self.silk[bottom - label.shape[0] : bottom, left : left + label.shape[1]]
        np.maximum(area, label, out=area)


def _bend(start: Point, end: Point, straight: float) -> list[Point]:
    """A trace from left to right or back: straight, then at 45 degrees, then straight."""
    (x0, y0), (x1, y1) = start, end
    sign = 1 if x1 > x0 else -1
    turn = x0 + sign * straight
    return [start, (turn, y0), (turn + sign * abs(y1 - y0), y1), end]


def _bend_upright(start: Point, end: Point, straight: float) -> list[Point]:
    """The same for a trace that runs up or down."""
    return [(x, y) for y, x in _bend(start[::-1], end[::-1], straight)]


def _chip(board: Layers, name: str, x: float, y: float, upright: bool = False) -> None:
    """The footprint of a 0603 resistor or capacitor."""
    for side in (-9, 9):
        if upright:
            board.pad(x, y + side, 13, 10)
        else:
            board.pad(x + side, y, 10, 13)
    for side in (-10, 10):
        ends = ((x + side, y - 14), (x + side, y + 14)) if upright else ()
        ends = ends or ((x - 14, y + side), (x + 14, y + side))
        board.trace(*ends, width=1.2, layer="silk")
    if upright:
        board.text(name, x + 13, y + 6, 9)
    else:
        board.text(name, x - 12, y - 10, 9)


def _small_outline(board: Layers, name: str, x: float, y: float, pins: int) -> list[list[Point]]:
    """The footprint of an SO package; returns the pad centres of its upper and lower row."""
    pitch, row = 14, 30
    columns = [x + pitch * (pin - (pins / 2 - 1) / 2) for pin in range(pins // 2)]
    rows = [[(column, y + side) for column in columns] for side in (-row, row)]
    for pad in rows[0] + rows[1]:
        board.pad(*pad, 7, 18)
    board.frame(x, y, pitch * pins / 2 + 2, 34)
    board.disc("silk", columns[0], y + 10, 2.2)
    board.text(name, x - 8, y + 6, 12)
    return rows


def _cooling_pad(board: Layers, x: float, y: float) -> None:
    """The pad under a chip that leads heat through a grid of vias to the other side."""
    board.pad(x, y, 76, 76)
    for column in (-24, -8, 8, 24):
        for row in (-24, -8, 8, 24):
            board.disc("holes", x + column, y + row, 2.2)


def _quad_flat(board: Layers, name: str, x: float, y: float) -> dict[str, list[Point]]:
    """The footprint of a 64-pin QFP; returns the outer ends of the pads of each side."""
    places = [12 * (pin - 7.5) for pin in range(16)]
    for place in places:
        for side in (-113, 113):
            board.pad(x + place, y + side, 6.5, 22)
            board.pad(x + side, y + place, 22, 6.5)
    board.frame(x, y, 188, 188)
    board.disc("silk", x - 82, y + 82, 4)
    board.text(name, x - 130, y - 108, 14)
    _cooling_pad(board, x, y)
    for pin, place in enumerate(places[1:-1]):
        depth = 80 if pin % 2 else 64
        if pin % 4 in (0, 1) and abs(place) < depth - 8:
            for inner, via in (((place, -102), (place, -depth)), ((place, 102), (place, depth))):
                for start, end in ((inner, via), (inner[::-1], via[::-1])):
                    board.trace((x + start[0], y + start[1]), (x + end[0], y + end[1]))
                    board.via(x + end[0], y + end[1])
    return {
        "left": [(x - 122, y + place) for place in places],
        "right": [(x + 122, y + place) for place in places],
        "top": [(x + place, y - 122) for place in places],
        "bottom": [(x + place, y + 122) for place in places],
    }


def _header(board: Layers, name: str, xs: list[float], ys: list[float]) -> None:
    """Through-hole pins at every crossing of `xs` and `ys`; pin 1 is square."""
    for x in xs:
        for y in ys:
            board.ring(x, y, 9, 4.5)
    board.pad(xs[0], ys[0], 18, 18)
    width, height = xs[-1] - xs[0] + 28, ys[-1] - ys[0] + 28
    board.frame((xs[0] + xs[-1]) / 2, (ys[0] + ys[-1]) / 2, width, height)
    board.text(name, xs[0] - 12, ys[0] - 18, 12)


def _left_bus(board: Layers, pins: list[Point]) -> None:
    """Sixteen lines from the processor to the two rows of the header J1."""
    rows = [120 + 28 * row for row in range(13)]
    _header(board, "J1", [46, 74], rows)
    for x, y in ((46, 120), (74, 148), (46, 428), (74, 456)):
        board.ground(x, y, 14)
    for line, pin in enumerate(pins):
        row = rows[2 + line // 2]
        if line % 2 == 0:
            board.trace(*_bend(pin, (74, row), 18))
        else:  # between two pins of the inner row to the outer row
            board.trace(*_bend(pin, (60, row + 14), 18), (46, row))


def _right_bus(board: Layers, pins: list[Point]) -> None:
    """Sixteen lines through series resistors to the flat cable connector J3."""
    for line, pin in enumerate(pins):
        resistor, contact = 126 + 18 * line, 150 + 18 * line
        board.trace(*_bend(pin, (606, resistor), 14))
        board.pad(606, resistor, 10, 9)
        board.pad(624, resistor, 10, 9)
        board.trace(*_bend((624, resistor), (748, contact), 34))
        board.pad(750, contact, 26, 8)
    for group in range(4):
        board.frame(615, 153 + 72 * group, 34, 70)
        board.text(f"RN{group + 1}", 634, 168 + 72 * group, 9, upright=True)
    board.frame(758, 285, 60, 306)
    board.text("J3", 746, 123, 12)


def _memory(board: Layers, pins: list[Point]) -> None:
    """The flash chip above the processor: eight lines to its lower row, the others to vias."""
    upper, lower = _small_outline(board, "U2", 430, 82, 16)
    for pin, pad in zip(pins[6:14], lower, strict=True):
        board.trace(*_bend_upright(pin, pad, 8))
    for step, pad in enumerate(upper):
        via = (pad[0], 36 - 13 * (step % 2))
        board.trace(pad, via)
        board.via(*via)
    for pin, via in zip(pins[14:], ((500, 112), (516, 112)), strict=True):
        board.trace(*_bend_upright(pin, via, 4))
        board.via(*via)


def _clock(board: Layers, pins: list[Point]) -> None:
    """The crystal with its two capacitors, and four lines to vias, left above the processor."""
    for step, x in enumerate((226, 282)):
        board.pad(x, 84, 26, 30)
        board.trace(*_bend_upright(pins[step], (x, 84), 8 + 8 * step))
    board.frame(254, 84, 98, 44)
    board.text("Y1", 246, 90, 12)
    for name, x in (("C7", 226), ("C8", 282)):
        _chip(board, name, x, 38, upright=True)
        board.trace((x, 47), (x, 84))
        board.ground(x, 29, 14)
    for step, pin in enumerate(pins[2:6]):
        via = (322 + 14 * step, 66 + 20 * (step % 2))
        board.trace(*_bend_upright(pin, via, 10))
        board.via(*via)


def _below_processor(board: Layers, pins: list[Point]) -> None:
    """Debug header J2 and seven lines to a field of vias."""
    xs = [214 + 28 * pin for pin in range(9)]
    _header(board, "J2", xs, [566])
    for pin, x in zip(pins[:9], xs, strict=True):
        board.trace(*_bend_upright(pin, (x, 566), 16))
    for step, pin in enumerate(pins[9:]):
        via = (pin[0] + 36, 466 + 16 * (step % 2))
        board.trace(*_bend_upright(pin, via, 8))
        board.via(*via)
    for step in range(3):
        x = 470 + 46 * step
        board.trace((x, 507), (x, 559))
        _chip(board, f"R{21 + step}", x, 533, upright=True)
        board.via(x, 507)
        board.via(x, 559)


def _power(board: Layers) -> None:
    """The regulator at the lower right: wide pads and wide traces."""
    board.trace((690, 534), (690, 470), width=12)
    board.trace((622, 480), (690, 480), width=12)
    board.trace((714, 534), (714, 556), (738, 580), (770, 580), width=10)
    board.trace((666, 534), (666, 556), (642, 580), (606, 580), width=10)
    board.pad(690, 470, 70, 34)
    for x in (666, 690, 714):
        board.pad(x, 534, 14, 26)
    for x in (610, 626, 754, 770):
        board.via(x, 580)
    board.frame(690, 504, 82, 30)
    board.text("U4", 664, 510, 12)
    for name, x in (("C11", 762), ("C12", 622)):
        board.ground(x, 528, 22)
        board.pad(x, 480, 26, 22)
        board.pad(x, 528, 26, 22)
        board.frame(x, 504, 42, 78)
        board.text(name, x - 13, 509, 10)
    board.trace((762, 480), (714, 480), width=12)


def _driver(board: Layers, name: str, x: float, y: float) -> None:
    """A bus driver: the upper row of its pads goes to vias, the lower row to resistors."""
    upper, lower = _small_outline(board, name, x, y, 16)
    for step, pad in enumerate(upper):
        via = (pad[0] + 12, y - 48 - 12 * (step % 2))
        board.trace(*_bend_upright(pad, via, 6))
        board.via(*via)
    for pad in lower[2:]:
        board.trace(pad, (pad[0], y + 44))
    board.trace((lower[2][0], y + 44), (lower[7][0], y + 44))
    board.ground(*lower[0], 13)


def _small_parts(board: Layers) -> None:
    """Resistors and capacitors in the space that is left."""
    for name, x, y in (("R1", 130, 440), ("R2", 180, 440), ("R3", 230, 440), ("C1", 548, 446)):
        board.trace((x - 9, y), (x - 22, y))
        board.via(x - 22, y)
        board.ground(x + 9, y, 12)
        _chip(board, name, x, y)
    for step, name in enumerate(("C2", "C3", "R4")):
        x, y = 182, 60 + 40 * step
        board.trace((x - 9, y), (x - 36, y), (x - 46, y + 10), (118, y + 10))
        board.via(118, y + 10)
        _chip(board, name, x, y)
    for step in range(4):
        x = 528 + 24 * step
        board.trace((x, 44), (x, 66), (x - 8, 74))
        board.disc("copper", x, 44, 7)
        board.disc("bare", x, 44, 7)
        board.via(x - 8, 74)
        board.text(str(step + 1), x - 3, 32, 9)
    board.text("TP", 499, 60, 10)


def _mechanics(board: Layers) -> None:
    """Mounting holes, a fiducial mark and the lettering."""
    for x, y in ((40, 44), (764, 40), (36, 560)):
        board.ring(x, y, 22, 13)
    board.disc("copper", 556, 410, 6)
    board.disc("bare", 556, 410, 6)
    board.text("SPOT THE", 528, 104, 10)
    board.text("DIFFERENCE", 528, 119, 10)
    board.text("REV B", 250, 488, 10)


def _ellipse(size: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def _ground_plane(board: Layers) -> None:
    """Copper wherever there is room for it, with a gap around everything else, and its vias."""
    plane = np.zeros_like(board.copper)
    plane[8 * SCALE : -8 * SCALE, 8 * SCALE : -8 * SCALE] = 255
    plane[cv2.dilate(board.copper, _ellipse(31)) > 0] = 0
    plane = cv2.morphologyEx(plane, cv2.MORPH_OPEN, _ellipse(25))
    _, islands, statistics, _ = cv2.connectedComponentsWithStats(plane)
    small = statistics[:, cv2.CC_STAT_AREA] < 2000 * SCALE**2
    plane[small[islands]] = 0
    room = cv2.erode(plane, _ellipse(49)) & ~cv2.dilate(board.silk, _ellipse(49))
    board.copper |= plane
    for x, y, length in board.spokes:
        board.trace((x - length, y), (x + length, y), width=5)
        board.trace((x, y - length), (x, y + length), width=5)
    for y in range(20, HEIGHT, 28):
        for x in range(20 + y % 3 * 8, WIDTH, 40):
            if room[y * SCALE, x * SCALE]:
                board.via(x, y)


@cache
def _artwork() -> Layers:
    """The board without a defect."""
    board = Layers()
    pins = _quad_flat(board, "U1", 384, 292)
    _left_bus(board, pins["left"])
    _right_bus(board, pins["right"])
    _memory(board, pins["top"])
    _clock(board, pins["top"])
    _below_processor(board, pins["bottom"])
    _power(board)
    _driver(board, "U3", 136, 540)
    _driver(board, "U5", 684, 76)
    _small_parts(board)
    _mechanics(board)
    _ground_plane(board)
    return board


def _open_circuit(board: Layers) -> None:
    outline = ((164, 256), (173, 256), (171, 258), (173, 261), (172, 264), (163, 264), (165, 260))
    board.patch(*outline, value=0)


def _short_circuit(board: Layers) -> None:
    board.patch((701, 222), (710, 222), (707, 227), (706, 233), (709, 240), (700, 240), (702, 233))


def _mouse_bite(board: Layers) -> None:
    outline = ((299, 504), (303, 504), (303, 513), (299, 512), (296.6, 510), (296.2, 507))
    board.patch(*outline, value=0)


def _spur(board: Layers) -> None:
    board.patch((547, 305), (556, 305), (553.5, 311), (554, 316), (551.5, 318), (550, 311))


def _missing_hole(board: Layers) -> None:
    board.disc("holes", 74, 400, 5, value=0)


DEFECTS = {
    "open circuit": _open_circuit,
    "short circuit": _short_circuit,
    "mouse bite": _mouse_bite,
    "spur": _spur,
    "missing hole": _missing_hole,
}


def _mixed(picture: np.ndarray, colour: tuple[int, ...], mask: np.ndarray) -> np.ndarray:
    share = (mask / np.float32(255))[..., None]
    return picture + share * (np.array(colour, np.float32) - picture)


def _relief(mask: np.ndarray, depth: float) -> np.ndarray:
    """Light from the upper left on the edges of a layer."""
    soft = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 2.5)
    return depth * (soft - np.roll(soft, (3, 3), axis=(0, 1)))[..., None]


def _coloured(board: Layers) -> np.ndarray:
    """The layers in their colours, as large as they were drawn."""
    picture = np.empty((*board.copper.shape, 3), np.float32)
    picture[:] = MASK_ON_LAMINATE
    picture = _mixed(picture, MASK_ON_COPPER, board.copper) + _relief(board.copper, 40)
    picture = _mixed(picture, LAMINATE, cv2.dilate(board.bare, _ellipse(9)))
    exposed = board.bare & board.copper
    picture = _mixed(picture, GOLD, exposed) + _relief(exposed, 70)
    picture = _mixed(picture, SILK, board.silk & ~cv2.dilate(board.bare, _ellipse(9)))
    picture = _mixed(picture, HOLE, board.holes)
    return picture - np.minimum(_relief(board.holes, 110), 0)


def _light() -> np.ndarray:
    """Brightness over the finished picture: a lamp at the upper left, an uneven surface."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lamp = 1.12 - 0.42 * (((x - 330) / WIDTH) ** 2 + ((y - 240) / HEIGHT) ** 2)
    noise = np.random.default_rng(8).normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    light = lamp * (1 + 0.5 * cv2.GaussianBlur(noise, (0, 0), 14))
    dust = np.where(np.abs(noise) > 3, 0.02 * noise, 0)
    # Steps of 1/64 cannot be seen, and the picture is half as large as one with smooth light.
    return np.rint(light * 64) / 64 + cv2.GaussianBlur(dust, (0, 0), 0.7)


def _draw(changes: frozenset[str]) -> np.ndarray:
    board = deepcopy(_artwork())
    for name in sorted(changes):
        DEFECTS[name](board)
    picture = cv2.resize(_coloured(board), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6) * _light()[..., None]
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def five_defects() -> DrawnPair:
    """08: a good board and one with the five classic defects of etching and drilling."""
    first, second, boxes = draw_with_changes(_draw, DEFECTS)
    return DrawnPair(
        title="Circuit board",
        change="open circuit, short circuit, mouse bite, spur, missing hole",
        first=first,
        second=second,
        boxes=boxes,
    )
