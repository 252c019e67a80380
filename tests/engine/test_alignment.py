"""Alignment: what moved is measured, and what cannot be aligned is left alone."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

import helpers
from helpers.alignment import Alignment, find_alignment, search, unseen, warp
from helpers.motion import places as places_in_second
from helpers.patches import cut, gradient_votes, standardized
from helpers.scoring.scores import overlap

pytestmark = pytest.mark.filterwarnings("error")

SCENES = ("coffee", "astronaut", "chelsea", "01", "05")
SMALL_MOVES = [
    (1, 0, 0, 1),
    (3, -2, 0, 1),
    (0.5, 0.5, 0, 1),
    (0, 0, 0.5, 1),
    (0, 0, 2, 1),
    (0, 0, -2, 1),
    (0, 0, 0, 1.02),
    (0, 0, 0, 0.98),
    (-8, 4, -2, 0.98),
    (40, 25, 1, 1.01),
]


def picture(name: str) -> np.ndarray:
    """A real picture, BGR: a photograph of scikit-image's or one of the pairs."""
    if name.isdecimal():
        return helpers.load_image(f"images/original_{name}.png")
    return cv2.resize(cv2.cvtColor(getattr(data, name)(), cv2.COLOR_RGB2BGR), (450, 320))


def gray(name: str) -> np.ndarray:
    return helpers.to_gray(picture(name))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def similarity(
    shape: tuple[int, ...], dx: float, dy: float, angle: float, scale: float
) -> np.ndarray:
    """Turn clockwise by `angle` degrees and scale round the centre, then shift."""
    centre = np.array((shape[1] - 1, shape[0] - 1)) / 2
    cosine, sine = scale * np.cos(np.radians(angle)), scale * np.sin(np.radians(angle))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, centre + np.array((dx, dy)) - turn @ centre])


def moved(image: np.ndarray, matrix: np.ndarray, canvas: int | None = None) -> np.ndarray:
    """Show at `matrix @ (x, y, 1)` what stands at (x, y), on a canvas or with its own mirror."""
    border = cv2.BORDER_REFLECT_101 if canvas is None else cv2.BORDER_CONSTANT
    return cv2.warpAffine(
        image,
        matrix,
        image.shape[1::-1],
        flags=cv2.INTER_CUBIC,
        borderMode=border,
        borderValue=(canvas or 0,) * 3,
    )


def edited(image: np.ndarray) -> np.ndarray:
    """One patch painted over."""
    height, width = image.shape[:2]
    image = image.copy()
    image[height // 2 : height // 2 + height // 5, width // 3 : width // 3 + width // 5] = 90
    return image


def noisy(image: np.ndarray, sigma: float = 4) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, sigma, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def corners_off(found: np.ndarray, true: np.ndarray, shape: tuple[int, ...]) -> float:
    """By how many pixels two matrices disagree at the corner of the picture where most."""
    right, bottom = shape[1] - 1, shape[0] - 1
    corners = np.array([[0, right, 0, right], [0, 0, bottom, bottom], [1, 1, 1, 1]])
    return float(np.linalg.norm((found - true) @ corners, axis=0).max())


def form() -> np.ndarray:
    """A few words and lines, and nothing else."""
    sheet = np.full((420, 600), 255, np.uint8)
    for y in range(70, 400, 40):
        cv2.line(sheet, (150, y), (540, y), 0, 2)
        cv2.putText(sheet, "Field", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 40, 1, cv2.LINE_AA)
    return sheet


def landscape() -> np.ndarray:
    """Hills under a sky that grows lighter: hardly a corner, and a ramp nearly everywhere."""
    y, x = np.mgrid[:420, :600]
    image = (60 + y / 4).astype(np.uint8)
    image[y > 330 + 20 * np.sin(x / 60)] = 190
    image[y > 370 + 15 * np.sin(x / 45 + 1)] = 120
    for left in (60, 140, 410, 500):
        cv2.fillConvexPoly(image, np.array([(left, 410), (left + 8, 350), (left + 16, 410)]), 40)
    return cv2.circle(image, (430, 110), 30, 250, -1, cv2.LINE_AA)


def jpeg(image: np.ndarray, quality: int = 85) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], -1)


def grid(shape: tuple[int, ...]) -> np.ndarray:
    """Places (25, 2) all over a picture."""
    y, x = np.mgrid[0 : shape[0] - 1 : 5j, 0 : shape[1] - 1 : 5j]
    return np.column_stack([x.ravel(), y.ravel()])


def keystone(share: float):
    """Where places of a picture are after its upper side was made shorter by that share."""

    def move(places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        bottom, right = shape[0] - 1, shape[1] - 1
        corners = np.float32([(0, 0), (right, 0), (right, bottom), (0, bottom)])
        seen = corners + np.float32([(share, 0), (-share, 0), (0, 0), (0, 0)]) * right / 2
        matrix = cv2.getPerspectiveTransform(corners, seen)
        return cv2.perspectiveTransform(places[None].astype(float), matrix)[0]

    return move


def lens(share: float):
    """Where places of a picture are after its corners were moved outwards by that share."""

    def move(places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        centre = (np.array(shape[1::-1]) - 1) / 2
        away = (places - centre) / np.hypot(*centre)
        return places + share * (away**2).sum(axis=1, keepdims=True) * (places - centre)

    return move


def seen_through(image: np.ndarray, move) -> np.ndarray:
    """Show at `move(place)` what is at `place`."""
    y, x = np.indices(image.shape[:2])
    places = wanted = np.column_stack([x.ravel(), y.ravel()]).astype(float)
    for _ in range(6):  # each leaves a few hundredths of the error
        places = places - (move(places, image.shape) - wanted)
    x, y = places.astype(np.float32).reshape(*image.shape[:2], 2).transpose(2, 0, 1)
    return cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)


def moved_to(found: Alignment, places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Where an alignment takes places of the first picture."""
    numbers = found.matrix, found.bend, found.view
    return np.column_stack(places_in_second(*places.T, *numbers, shape[:2]))


def camera(shape: tuple[int, ...], tilt: float, axis: float, angle: float, scale: float):
    """Make the homography of a picture tilted round an axis, turned clockwise and scaled."""
    height, width = shape[:2]
    turn, _ = cv2.Rodrigues(np.radians(tilt) * np.array([np.cos(axis), np.sin(axis), 0]))
    tilted = np.diag([1, 1, 1 / width]) @ np.column_stack([turn[:, :2], (0, 0, width)])
    back = np.array([[1, 0, (1 - width) / 2], [0, 1, (1 - height) / 2], [0, 0, 1]])
    return (
        np.linalg.inv(back)
        @ tilted
        @ back
        @ np.vstack([similarity(shape, 3, -2, angle, scale), (0, 0, 1)])
    )


def photographed(image: np.ndarray, view: np.ndarray) -> np.ndarray:
    """Show a picture through a view, the rest gray, as JPEG."""
    small = np.sqrt(np.linalg.det(view[:2, :2]))
    if small < 1:
        image = cv2.GaussianBlur(image, (0, 0), max(0.5 * np.sqrt(1 / small**2 - 1), 0.01))
    seen = cv2.warpPerspective(
        image,
        view,
        image.shape[1::-1],
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(120,) * 3,
    )
    return jpeg(seen, 90)


def pixels_off(found: Alignment, view: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """By how many pixels of the coarser picture an alignment is off where both show something."""
    places = grid(shape)
    there = cv2.perspectiveTransform(places[None], view)[0]
    seen = ((there >= 0) & (there < np.array(shape[1::-1]))).all(axis=1)
    off = np.hypot(*(moved_to(found, places, shape) - there)[seen].T)
    return off / max(found.scale, 1)


# What moved is measured


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("move", SMALL_MOVES, ids=str)
def test_a_move_is_found_to_half_a_pixel_in_spite_of_an_edit_and_noise(name, move):
    first = gray(name)
    true = similarity(first.shape, *move)
    found = find_alignment(first, noisy(moved(edited(first), true)))
    assert found is not None
    assert corners_off(found.matrix, true, first.shape) < 0.5


@given(
    st.sampled_from(SCENES),
    st.floats(-25, 25),
    st.floats(-25, 25),
    st.floats(-2, 2),
    st.floats(0.98, 1.02),
)
@settings(deadline=None, max_examples=25)
def test_any_small_move_is_found(name, dx, dy, angle, scale):
    first = gray(name)
    true = similarity(first.shape, dx, dy, angle, scale)
    found = find_alignment(first, moved(first, true))
    if found is None:  # nothing to gain
        assert corners_off(np.eye(2, 3), true, first.shape) < 1
    else:
        assert corners_off(found.matrix, true, first.shape) < 0.5
        assert corners_off(found.matrix, np.eye(2, 3), first.shape) >= 0.05


@pytest.mark.parametrize("move", [(0, 0, 10, 1), (30, -20, -7, 0.86), (-20, 9, 4, 1.14)], ids=str)
@pytest.mark.parametrize("name", ["coffee", "05", "form", "landscape"])
def test_ten_degrees_and_a_seventh_are_found(name, move):
    first = {"form": form, "landscape": landscape}.get(name, lambda: gray(name))()
    true = similarity(first.shape, *move)
    found = find_alignment(first, jpeg(moved(first, true, canvas=255)))
    assert found is not None
    assert corners_off(found.matrix, true, first.shape) < 1


def test_a_whole_shift_is_exactly_whole():
    first = gray("coffee")
    whole, part = ([[1, 0, x], [0, 1, -3]] for x in (5, 5.3))
    second = moved(edited(first), np.array(whole, float), canvas=0)
    assert find_alignment(first, second).matrix.tolist() == whole
    second = moved(edited(first), np.array(part, float), canvas=0)
    assert corners_off(find_alignment(first, second).matrix, np.array(part), first.shape) < 0.1


@pytest.mark.parametrize(
    "change",
    {
        "negative": lambda image: 255 - image,
        "ground": lambda image: np.where(image > 128, cv2.subtract(image, 51), image),
        "half": lambda image: np.hstack(
            [image[:, ::2][::-1, ::-1], image[:, image.shape[1] // 2 :]]
        ),
        "light": lambda image: (image * np.linspace(0.5, 1, image.shape[1])).astype(np.uint8),
    }.items(),
    ids=lambda item: item[0],
)
@pytest.mark.parametrize("name", ["coffee", "05"])
def test_a_wide_change_does_not_drag_it(name, change):
    first = gray(name)
    second = change[1](first)
    true = similarity(first.shape, 6, -4, 1, 1)
    assert corners_off(find_alignment(first, moved(second, true)).matrix, true, first.shape) < 0.5
    found = find_alignment(first, second)
    assert found is None or corners_off(found.matrix, np.eye(2, 3), first.shape) < 0.3


def test_a_negative_far_off_is_found():
    first = gray("05")
    true = similarity(first.shape, 25, -14, 0, 1)
    found = find_alignment(first, moved(255 - first, true))
    assert corners_off(found.matrix, true, first.shape) < 0.5


def test_a_ramp_knows_no_shift_and_an_edge_only_one():
    ramp = np.tile(np.arange(100, 228, dtype=np.uint8), (128, 1))
    edge = np.where(np.arange(128) < 64, 60, 180).astype(np.uint8) * np.ones((128, 1), np.uint8)
    for first, able in ((ramp, False), (edge, True)):
        first = cv2.GaussianBlur(first, (0, 0), 2)
        second = np.roll(first, 1, axis=1)
        pieces = cut(first, second, np.zeros(9), np.array([(32, 32)]), 1, first.shape)
        votes = gradient_votes(pieces, standardized(pieces.patches))
        assert votes.able.tolist() == [able]
    assert abs(votes.said).max() == pytest.approx(1, abs=0.1)
    assert votes.known.min() < 0.1


# What a similarity cannot say


@pytest.mark.parametrize(
    "move", [keystone(0.01), keystone(0.03), lens(0.02), lens(-0.02)], ids=["1%", "3%", "out", "in"]
)
@pytest.mark.parametrize("name", ["coffee", "05", "form"])
def test_a_slant_and_a_lens_are_straightened(name, move):
    first = form() if name == "form" else gray(name)
    second = jpeg(seen_through(first, move))
    found = find_alignment(first, second)
    places = grid(first.shape)
    off = moved_to(found, places, first.shape) - move(places, first.shape)
    assert np.hypot(*off.T).max() < 0.5
    assert found.bent > 0.5
    inside = np.s_[20:-20, 20:-20]
    for back in (warp(second, found), warp(cv2.merge([second] * 3), found)[..., 0]):
        straight = warp(second, found._replace(bend=None))
        assert 1.3 * cv2.norm(back[inside], first[inside], cv2.NORM_L1) < cv2.norm(
            straight[inside], first[inside], cv2.NORM_L1
        )


@pytest.mark.parametrize("move", [(2, 1, 1, 1), (3, -2, 0, 1.01)], ids=str)
@pytest.mark.parametrize("name", ["coffee", "chelsea", "05"])
def test_what_moved_alone_bends_nothing(name, move):
    first = gray(name)
    height, width = first.shape
    true = similarity(first.shape, *move)
    sheet, thing = first.copy(), first.copy()
    sheet[2 * height // 3 :] = np.roll(first, 6, axis=1)[2 * height // 3 :]
    place = np.s_[height // 4 : 2 * height // 3, width // 2 : 4 * width // 5]
    thing[place] = np.roll(first, (-5, 4), axis=(0, 1))[place]
    for second in (sheet, thing):
        found = find_alignment(first, jpeg(moved(second, true)))
        assert found.bend is None
        assert found.bent == 0
        assert corners_off(found.matrix, true, first.shape) < 0.5


def test_what_the_second_does_not_show_is_marked():
    shift = Alignment(5, -3, 0, 1, np.array([[1.0, 0, 5], [0, 1, -3]]))
    marked = unseen(shift, (60, 80))
    expected = np.full((60, 80), 255, np.uint8)
    expected[5:-3, 3:-7] = 0  # two pixels more, and three where the border lies
    assert np.array_equal(marked, expected)
    wide = shift._replace(matrix=np.eye(2, 3), bend=np.array([0, 0, 0, 0, 18.0]))
    assert unseen(wide, (60, 80))[:6, :6].all() and not unseen(wide, (60, 80))[20:40, 20:60].any()


# Photographed from elsewhere


@given(
    st.sampled_from(SCENES),
    st.floats(0, 15),
    st.floats(0, 6.28),
    st.floats(-180, 180),
    st.floats(0.5, 2),
)
@settings(deadline=None, max_examples=10)
def test_any_view_is_found(name, tilt, axis, angle, scale):
    first = gray(name)
    view = camera(first.shape, tilt, axis, angle, scale)
    found = find_alignment(first, edited(photographed(first, view)))
    assert found is not None
    off = pixels_off(found, view, first.shape)
    assert np.median(off) < 0.3
    assert off.max() < 1  # a corner beyond the last patch


@pytest.mark.parametrize("name", ["coffee", "chelsea", "05"])
def test_a_view_is_put_in_numbers(name):
    first = gray(name)
    view = camera(first.shape, 12, 0.7, 140, 0.8)
    found = find_alignment(first, photographed(first, view))
    assert (found.dx, found.dy) == pytest.approx((3, -2), abs=1)
    assert found.angle == pytest.approx(140, abs=1)
    assert found.scale == pytest.approx(0.8, abs=0.03)
    assert found.tilt == pytest.approx(12, abs=3)


def test_a_view_through_a_lens_is_straightened():
    first = gray("coffee")
    view, bends = camera(first.shape, 10, 2, 60, 0.9), lens(0.02)
    found = find_alignment(first, photographed(seen_through(first, bends), view))
    places = grid(first.shape)
    there = cv2.perspectiveTransform(bends(places, first.shape)[None], view)[0]
    inside = ((there > 0) & (there < first.shape[::-1])).all(axis=1)
    off = moved_to(found, places, first.shape) - there
    assert np.hypot(*off[inside].T).max() < 0.5


@pytest.mark.parametrize("level", [60, 200])
def test_a_change_of_half_the_picture_does_not_drag_a_view(level):
    """A sheet lies over the left half; what it shows agrees on nothing."""
    first = gray("coffee")
    second = first.copy()
    second[:, :225] = cv2.GaussianBlur(noise(320, 225, level), (0, 0), 2) // 2 + level // 2
    view = camera(first.shape, 8, 1, 30, 1)
    found = find_alignment(first, photographed(second, view))
    places = grid(first.shape)
    there = cv2.perspectiveTransform(places[None], view)[0]
    inside = ((there > 0) & (there < first.shape[::-1])).all(axis=1) & (places[:, 0] > 225)
    off = moved_to(found, places, first.shape) - there
    assert np.hypot(*off[inside].T).max() < 0.5


def test_a_sheet_over_half_of_a_view_does_not_drag_it():
    first = gray("03")
    second, height, width = first.copy(), *first.shape
    top, left = height // 7, width // 7
    sheet = second[top : height - top, left : width - left]
    sheet[:] = cv2.resize(gray("12"), sheet.shape[::-1])
    view = camera(first.shape, 8, 1, 25, 1)
    found = find_alignment(first, photographed(second, view))
    assert pixels_off(found, view, first.shape).max() < 0.3


def test_what_a_view_does_not_show_is_marked():
    first = gray("coffee")
    view = camera(first.shape, 10, 0, 35, 1.5)
    marked = unseen(find_alignment(first, photographed(first, view)), first.shape)
    shown = cv2.warpPerspective(
        np.full_like(first, 255), view, first.shape[::-1], flags=cv2.WARP_INVERSE_MAP
    )
    hidden = cv2.dilate(cv2.compare(shown, 255, cv2.CMP_LT), np.ones((3, 3)))
    assert not (hidden[5:-5, 5:-5] & ~marked[5:-5, 5:-5]).any()
    assert (marked > 0).mean() < (hidden > 0).mean() + 0.05


def page(seed: int) -> np.ndarray:
    """Random letters on lines that are the same on each page."""
    sheet, rng = np.full((420, 600), 255, np.uint8), np.random.default_rng(seed)
    for y in range(40, 400, 30):
        words = "".join(rng.choice(list("abcdefghikmnoprstuvwz "), 32))
        cv2.putText(sheet, words, (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 1, cv2.LINE_AA)
    return sheet


@pytest.mark.parametrize("move", [(0, 0, 0, 1), (0, 0, 40, 0.8), (0, 0, 180, 1)], ids=str)
def test_a_page_of_one_layout_and_other_words_is_no_view(move):
    second = moved(page(2), similarity((420, 600), *move), canvas=255)
    assert find_alignment(page(1), second) is None


def test_a_quarter_that_is_the_same_is_no_view():
    first, second = gray("astronaut"), gray("chelsea")
    second[70:250, 120:330] = first[70:250, 120:330]
    view = camera(first.shape, 5, 1, 40, 1)
    assert find_alignment(first, photographed(second, view)) is None


def test_a_large_sheet_that_turned_is_not_the_scene():
    first = gray("coffee")
    second = first.copy()
    second[:, :280] = first[::-1, ::-1][:, -280:]
    assert search(first, second) == (None, False)


# That an alignment was needed


@pytest.mark.parametrize("name", ["coffee", "chelsea", "05"])
def test_a_move_that_is_not_undone_is_known(name):
    first = gray(name)
    for tilt, scale in ((50, 1), (0, 2.8)):
        second = photographed(first, camera(first.shape, tilt, 0.5, 10, scale))
        assert search(first, second) == (None, True)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "05", "form"])
def test_a_change_is_no_misalignment(name):
    first = form() if name == "form" else gray(name)
    height, width = first.shape
    inserted = np.vstack([first[: height // 2], np.full_like(first[:20], 90), first[height // 2 :]])
    overturned = first.copy()
    overturned[:, : width // 2] = first[::-1, ::-1][:, : width // 2]
    other = cv2.resize(gray("astronaut"), first.shape[::-1])
    changed = (edited(first), jpeg(first, 50), 255 - first, inserted[:height], overturned, other)
    for second in (first, *changed):
        assert not search(first, second).is_elsewhere
    assert search(np.full_like(first, 90), first) == (None, False)


def test_the_numbers_say_how_the_second_picture_lay():
    first = gray("coffee")
    found = find_alignment(first, moved(first, similarity(first.shape, 6, -4, 1.5, 1.01)))
    assert (found.dx, found.dy) == pytest.approx((6, -4), abs=0.1)
    assert found.angle == pytest.approx(1.5, abs=0.02)
    assert found.scale == pytest.approx(1.01, abs=0.001)


def test_the_other_way_round_is_the_inverse():
    first = gray("coffee")
    second = moved(first, similarity(first.shape, 6, -4, 1.5, 1.01))
    forth, back = find_alignment(first, second), find_alignment(second, first)
    inverse = cv2.invertAffineTransform(forth.matrix)
    assert corners_off(back.matrix, inverse, first.shape) < 0.5


@pytest.mark.parametrize("gamma", [0.7, 1.4])
def test_another_exposure_does_not_hide_the_move(gamma):
    first = gray("coffee")
    true = similarity(first.shape, 5, 3, 1, 1)
    table = (255 * (np.arange(256) / 255) ** gamma).round().astype(np.uint8)
    found = find_alignment(first, cv2.LUT(moved(first, true), table))
    assert corners_off(found.matrix, true, first.shape) < 0.5


def test_warp_brings_the_second_picture_back():
    first = picture("coffee")
    second = moved(first, similarity(first.shape, 6, -4, 1.5, 1.01))
    found = find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    inside = np.s_[30:-30, 30:-30]
    back = warp(second, found)
    assert back.shape == first.shape and back.dtype == np.uint8
    assert cv2.absdiff(back, first)[inside].mean() < 3 < cv2.absdiff(second, first)[inside].mean()
    in_gray = warp(helpers.to_gray(second), found)
    assert cv2.absdiff(in_gray, helpers.to_gray(back)).max() <= 2


# What cannot be aligned, or need not be


def test_nothing_has_moved():
    for name in SCENES:
        first = gray(name)
        jpeg = cv2.imdecode(cv2.imencode(".jpg", first, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 0)
        blurred = cv2.GaussianBlur(first, (0, 0), 1)
        for second in (first.copy(), edited(first), jpeg, blurred):
            assert find_alignment(first, second) is None
        found = find_alignment(first, noisy(first, 6))  # a warp also calms noise a little
        assert found is None or corners_off(found.matrix, np.eye(2, 3), first.shape) < 0.3


@pytest.mark.parametrize("shape", [(200, 300), (1200, 1600)])
def test_a_picture_without_texture_is_not_aligned(shape):
    flat = np.full(shape, 90, np.uint8)
    y, x = np.mgrid[: shape[0], : shape[1]]
    stripes = np.where((x + y) % 60 < 5, 220, 90).astype(np.uint8)
    for first, second in ((flat, flat + 60), (flat, stripes), (stripes, flat)):
        assert find_alignment(first, second) is None


@pytest.mark.parametrize("other", SCENES)
@pytest.mark.parametrize("one", SCENES)
def test_pictures_with_nothing_in_common_are_not_aligned(one, other):
    if one != other:
        assert (
            find_alignment(*(cv2.resize(gray(name), (500, 400)) for name in (one, other))) is None
        )


@pytest.mark.parametrize("shape", [(127, 511), (200, 300), (900, 1200)])
def test_noise_is_not_aligned_with_other_noise(shape):
    assert find_alignment(noise(*shape, 1), noise(*shape, 2)) is None


@pytest.mark.parametrize("name", SCENES)
def test_more_than_a_quarter_is_too_far(name):
    first = gray(name)
    far = similarity(first.shape, 0.3 * first.shape[1], 0, 0, 1)
    assert find_alignment(first, moved(first, far, canvas=0)) is None


@pytest.mark.parametrize(
    "shape",
    [(7, 7), (1, 400), (31, 400), (32, 32), (33, 47), (32, 6000), (20000, 100), (64, 40000)],
)
def test_any_shape_is_answered(shape):
    first = cv2.GaussianBlur(noise(*shape), (0, 0), 2)
    for second in (np.roll(first, 2, axis=1), noise(*shape, 3)):
        assert find_alignment(first, second) is None or min(shape) >= 32


def test_a_panorama_is_aligned():
    first = np.hstack([cv2.resize(gray(name), (450, 100)) for name in SCENES] * 4)
    found = find_alignment(first, np.roll(first, (2, 3), axis=(0, 1)))
    assert (found.dx, found.dy) == pytest.approx((3, 2), abs=0.3)


def test_pictures_are_left_as_they_are_and_answers_repeat():
    first = gray("coffee")
    second = moved(first, similarity(first.shape, 6, -4, 1.5, 1.01))
    copies = first.copy(), second.copy()
    one, other = (find_alignment(first, second) for _ in range(2))
    assert np.array_equal(one.matrix, other.matrix)
    warp(second, one)
    assert np.array_equal(first, copies[0]) and np.array_equal(second, copies[1])


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            np.zeros((50, 50, 3), np.uint8),
            np.zeros((50, 50), np.uint8),
            "the first picture has",
        ),
        (np.zeros((50, 50), np.uint8), np.zeros((50, 50), float), "the second picture holds"),
        (np.zeros((50, 50), np.uint8), np.zeros((50, 40), np.uint8), "50 x 50 pixels.* 40 x 50"),
        (None, np.zeros((50, 40), np.uint8), "the first picture is None"),
    ],
)
def test_what_cannot_be_aligned_is_named(first, second, message):
    with pytest.raises(helpers.PictureError, match=message):
        find_alignment(first, second)


def test_what_cannot_be_warped_is_named():
    first = gray("coffee")
    found = find_alignment(first, np.roll(first, 3, axis=1))
    with pytest.raises(helpers.PictureError, match="the second picture"):
        warp(np.zeros((5, 5, 4), np.uint8), found)
    with pytest.raises(helpers.PictureError, match=r"bend of the alignment is .*5 finite numbers"):
        warp(first, found._replace(bend=np.full(5, np.nan)))
    with pytest.raises(helpers.PictureError, match=r"view of the alignment is .*3 x 3 finite"):
        warp(first, found._replace(view=np.eye(2)))
    with pytest.raises(helpers.PictureError, match="40000 pixels, and up to 32766 can be bent"):
        warp(np.zeros((40, 40000), np.uint8), found._replace(bend=np.ones(5)))


# In a comparison


@pytest.mark.parametrize("canvas", [None, 0, 255])
@pytest.mark.parametrize("move", [(7, -5, 0, 1), (-3, 6, 1.5, 0.99), (4, 2, -2, 1.02)], ids=str)
def test_boxes_are_those_of_the_first_picture(move, canvas):
    first = picture("coffee")
    second = first.copy()
    place = helpers.Box(250, 60, 50, 40)
    second[60:100, 250:300] = (30, 200, 240)
    comparison = helpers.compare(first, moved(second, similarity(first.shape, *move), canvas))
    assert comparison.alignment is not None and comparison.verdict == "changed"
    assert len(comparison.boxes) == 1
    assert overlap(comparison.boxes, [place])[0, 0] > 0.7


@pytest.mark.parametrize("canvas", [None, 0, 255])
@pytest.mark.parametrize("name", SCENES)
def test_a_move_alone_is_no_difference(name, canvas):
    first = picture(name)
    for move in ((6, -4, 1, 1.01), (0, 0, 2, 1), (0, 0, 0, 0.98), (0, 0, -1, 1.02)):
        second = moved(first, similarity(first.shape, *move), canvas)
        comparison = helpers.compare(first, second)
        assert comparison.alignment is not None
        assert comparison.boxes == []


def test_align_false_compares_them_as_they_lie():
    first = picture("coffee")
    second = moved(first, similarity(first.shape, 9, 7, 0, 1))
    comparison = helpers.compare(first, second, align=False)
    assert comparison.alignment is None and comparison.aligned is comparison.second
    assert comparison.boxes


def test_a_change_seen_from_elsewhere_has_its_box_and_words():
    first = picture("coffee")
    second = first.copy()
    place = helpers.Box(190, 130, 50, 40)
    second[130:170, 190:240] = (30, 200, 240)
    view = camera(first.shape, 10, 1, -75, 1.3)
    comparison = helpers.compare(first, photographed(second, view))
    assert comparison.verdict == "changed" and comparison.kind == "photographed"
    assert len(comparison.boxes) == 1
    assert overlap(comparison.boxes, [place])[0, 0] > 0.7
    said = comparison.remarks[0]
    assert "from elsewhere, turned by -7" in said and "of the first are not in it" in said
    assert 7 <= comparison.to_dict()["alignment"]["tilt"] <= 13
