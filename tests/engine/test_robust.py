"""The method "robust": what it promises on any two pictures, and on those of the course."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from skimage import data

import helpers
from helpers import noise as engine
from helpers.boxes import box_mask
from helpers.scoring.scores import overlap

pytestmark = pytest.mark.filterwarnings("error")

PHOTOGRAPHS = [cv2.cvtColor(getattr(data, n)(), cv2.COLOR_RGB2BGR) for n in ("coffee", "astronaut")]
CONTENTS = ("noise", "flat", "photograph", "text", "gradient")
CHANGES = ("none", "patch", "patches", "noise", "jpeg", "gamma", "shift", "blur", "other")
NUMBERS = ("ignore_below", "tolerance", "merge", "min_pixels", "pad")

many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
some = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


# Pictures and settings to draw from


def flat(value: int = 100, height: int = 200, width: int = 300) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def painted(image: np.ndarray, *places: tuple[int, int, int, int], value: int = 220) -> np.ndarray:
    image = image.copy()
    for x, y, width, height in places:
        image[y : y + height, x : x + width] = value
    return image


def content(kind: str, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    if kind == "noise":
        return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if kind == "photograph":
        photograph = PHOTOGRAPHS[rng.integers(2)]
        y, x = rng.integers(0, 100, 2)
        return photograph[y : y + height, x : x + width].copy()
    image = flat(int(rng.integers(256)), height, width)
    if kind == "text":
        for y in range(10, height + 10, 16):
            words = "".join(rng.choice(list("abcdefgh  "), 60))
            cv2.putText(image, words, (2, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (20, 20, 20), 1)
    if kind == "gradient":
        image[:] = np.linspace(0, int(rng.integers(256)), width)[:, None]
    return image


def changed(image: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    if kind == "noise":
        return np.clip(image + rng.normal(0, rng.uniform(1, 9), image.shape), 0, 255).astype(
            "uint8"
        )
    if kind == "jpeg":
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))]
        return cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    if kind == "gamma":
        table = 255 * (np.arange(256) / 255) ** rng.uniform(0.6, 1.6)
        return cv2.LUT(image, table.round().astype("uint8"))
    if kind == "shift":
        return np.roll(image, rng.integers(-4, 5, 2), axis=(0, 1))
    if kind == "blur":
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2))
    if kind == "other":
        return content(str(rng.choice(CONTENTS)), height, width, rng)
    places = {"none": 0, "patch": 1, "patches": 4}[kind]
    image = image.copy()
    for _ in range(places):
        x, y, side = rng.integers(0, width), rng.integers(0, height), rng.integers(1, 60)
        image[y : y + side, x : x + side] = rng.integers(0, 256, 3)
    return image


@st.composite
def pairs(draw, changes=CHANGES, largest: int = 300):
    """Two pictures of one size: of any content, the second changed in one way and then another."""
    height, width = draw(st.integers(7, largest)), draw(st.integers(7, largest))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    first = content(draw(st.sampled_from(CONTENTS)), height, width, rng)
    second = changed(first, draw(st.sampled_from(changes)), rng)
    return first, changed(second, draw(st.sampled_from(changes)), rng)


@st.composite
def boxes(draw):
    """Boxes to ignore; they may lie partly or all outside, and hold nothing."""
    numbers = (
        st.integers(-100, 400),
        st.integers(-100, 400),
        st.integers(0, 250),
        st.integers(0, 99),
    )
    return draw(st.lists(st.tuples(*numbers), max_size=4))


PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "ignore_below": st.integers(0, 255),
        "tolerance": st.integers(0, 5),
        "merge": st.integers(0, 50),
        "min_pixels": st.integers(0, 500),
        "pad": st.integers(0, 30),
        "align": st.booleans(),
        "ignore": boxes(),
    },
)


def differing(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first != second).any(axis=2)


def inside(comparison: helpers.Comparison, box: helpers.Box) -> np.ndarray:
    return comparison.mask[box.y : box.y + box.height, box.x : box.x + box.width] > 0


# What holds for any two pictures


@given(pairs(), PARAMETERS)
@many
def test_a_result_is_sound_whatever_the_pictures_and_settings(pair, parameters):
    first, second = pair
    copies = first.copy(), second.copy()
    comparison = helpers.compare(first, second, **parameters)
    assert np.array_equal(first, copies[0]) and np.array_equal(second, copies[1])
    assert comparison.to_dict() == helpers.compare(first, second, **parameters).to_dict()
    height, width = first.shape[:2]
    assert comparison.mask.shape == comparison.difference.shape == (height, width)
    assert set(np.unique(comparison.mask)) <= {0, 255}
    assert (comparison.difference[comparison.mask > 0] <= comparison.threshold).all()
    assert -1 <= comparison.score <= 1
    assert (comparison.verdict in ("changed", "unlike")) >= bool(comparison.boxes)
    assert (comparison.verdict == "changed") <= bool(comparison.boxes)
    assert comparison.mask.any() == bool(comparison.boxes)
    assert comparison.boxes == sorted(comparison.boxes, key=lambda box: (box.y, box.x))
    for box in comparison.boxes:
        assert 0 <= box.x < box.x + box.width <= width
        assert 0 <= box.y < box.y + box.height <= height
        assert inside(comparison, box).any()


@given(pairs(), PARAMETERS)
@many
def test_nothing_is_marked_in_what_is_ignored(pair, parameters):
    comparison = helpers.compare(*pair, **parameters)
    ignored = box_mask(parameters.get("ignore", ()), pair[0].shape[:2])
    assert not comparison.mask[ignored > 0].any()


@given(pairs(changes=("patch", "patches")), PARAMETERS)
@many
def test_a_box_is_no_larger_than_what_is_marked_in_it(pair, parameters):
    comparison = helpers.compare(*pair, **{**parameters, "pad": 0})
    for box in comparison.boxes:
        rows, columns = (inside(comparison, box).any(axis=axis) for axis in (1, 0))
        assert rows[0] and rows[-1] and columns[0] and columns[-1]


@given(pairs(changes=("none",)), PARAMETERS)
@some
def test_identical_pictures_have_no_box(pair, parameters):
    comparison = helpers.compare(*pair, **parameters)
    assert comparison.boxes == [] and not comparison.mask.any()
    assert comparison.score == 1
    assert comparison.alignment is None and comparison.tone is None
    assert comparison.verdict == "identical" and comparison.remarks == []


@given(pairs(), st.integers(0, 50))
@many
def test_strict_marks_every_pixel_that_differs_and_no_other(pair, merge):
    first, second = pair
    comparison = helpers.compare(first, second, ignore_below=0, min_pixels=1, merge=merge)
    assert np.array_equal(comparison.mask > 0, differing(first, second))
    assert comparison.alignment is None and comparison.tone is None
    covered = np.zeros(first.shape[:2], bool)
    for x, y, width, height in comparison.boxes:
        covered[y : y + height, x : x + width] = True
    assert covered[differing(first, second)].all()


@given(pairs(), PARAMETERS)
@some
def test_strict_is_the_same_both_ways(pair, parameters):
    first, second = pair
    parameters = {**parameters, "ignore_below": 0}
    one = helpers.compare(first, second, **parameters)
    other = helpers.compare(second, first, **parameters)
    assert one.boxes == other.boxes and np.array_equal(one.mask, other.mask)
    if not parameters.get("ignore"):
        assert one.score == other.score


@given(pairs(changes=("none", "patch", "patches", "noise")), PARAMETERS)
@many
def test_both_ways_are_the_same_when_nothing_is_corrected(pair, parameters):
    first, second = pair
    parameters = {**parameters, "align": False, "ignore": ()}
    one = helpers.compare(first, second, **parameters)
    other = helpers.compare(second, first, **parameters)
    assume(one.tone is None and other.tone is None)
    assert one.boxes == other.boxes and np.array_equal(one.mask, other.mask)


@given(pairs(), boxes())
@some
def test_a_mask_to_ignore_is_as_good_as_boxes(pair, places):
    mask = box_mask(places, pair[0].shape[:2])
    expected = helpers.compare(*pair, ignore=places).to_dict()
    assert helpers.compare(*pair, ignore=mask).to_dict() == expected
    assert helpers.compare(*pair, ignore=mask > 0).to_dict() == expected
    assert helpers.compare(*pair, ignore=np.array(places, int).reshape(-1, 4)).to_dict() == expected


@given(pairs(changes=("none", "patches", "noise")))
@some
def test_gray_pictures_are_taken(pair):
    first, second = (helpers.to_gray(picture) for picture in pair)
    expected = helpers.compare(*(cv2.cvtColor(p, cv2.COLOR_GRAY2BGR) for p in (first, second)))
    assert helpers.compare(first, second).to_dict() == expected.to_dict()


# Strict


def test_strict_sees_one_pixel_of_one_level():
    first = content("noise", 60, 80, np.random.default_rng(0))
    second = first.copy()
    second[30, 40, 1] ^= 1
    found = helpers.compare(first, second, ignore_below=0, min_pixels=1)
    assert found.boxes == [(40, 30, 1, 1)]
    assert helpers.compare(first, second, ignore_below=0).smaller == 1
    assert helpers.compare(first, second).boxes == []


def test_strict_is_not_called_unlike_for_noise_of_one_level():
    first = content("photograph", 200, 200, np.random.default_rng(0))
    second = first ^ 1
    assert helpers.compare(first, second, ignore_below=0).verdict == "changed"


# Settings, one by one


@pytest.mark.parametrize("ignore_below", [1, 50, 102, 103, 150, 255])
def test_black_to_white_is_found_at_any_ignore_below(ignore_below):
    comparison = helpers.compare(
        flat(0), painted(flat(0), (100, 100, 60, 60), value=255), ignore_below=ignore_below
    )
    assert len(comparison.boxes) == 1


@pytest.mark.parametrize("ignore_below", [4, 8, 30])
def test_ignore_below_is_in_gray_levels(ignore_below):
    first = flat()
    clear = painted(first, (100, 100, 60, 60), value=100 + 3 * ignore_below)
    faint = painted(first, (100, 100, 60, 60), value=100 + ignore_below - 2)
    assert len(helpers.compare(first, clear, ignore_below=ignore_below).boxes) == 1
    assert helpers.compare(first, faint, ignore_below=ignore_below).boxes == []


@given(pairs(changes=("patches",)), st.integers(1, 100))
@some
def test_less_is_found_with_a_higher_ignore_below_value(pair, ignore_below):
    finer, coarser = (
        helpers.compare(*pair, ignore_below=value, align=False) for value in (1, ignore_below)
    )
    assume(finer.tone is None and coarser.tone is None)
    assert np.count_nonzero(coarser.mask) <= np.count_nonzero(finer.mask)


def test_tolerance_lets_edges_jitter():
    first = flat(230, 240, 320)
    for x in range(20, 300, 30):
        cv2.line(first, (x, 20), (x, 220), (20, 20, 20), 5)
    second = first.copy()
    second[100:140, :] = np.roll(first[100:140], 2, axis=1)
    second = changed(second, "jpeg", np.random.default_rng(3))  # it is for pairs that are not exact
    found = [helpers.compare(first, second, tolerance=t, align=False).boxes for t in (0, 3)]
    assert found[0] and not found[1]


@pytest.mark.parametrize("method", [{"ignore_below": 0}, {}])
@pytest.mark.parametrize("merge", [0, 1, 2, 3, 8, 19, 30])
def test_pieces_with_gaps_smaller_than_merge_become_one(merge, method):
    first = flat()
    for gap in {1, 2, 3, max(merge - 1, 1), merge or 1, merge + 1, merge + 4}:
        for step in ((20 + gap, 0), (0, 20 + gap), (20 + gap, 20 + gap)):
            places = [(60, 50, 20, 20), (60 + step[0], 50 + step[1], 20, 20)]
            comparison = helpers.compare(first, painted(first, *places), merge=merge, **method)
            widened = 0 if method else _widened(first)
            expected = 1 if max(gap - widened, 0) < max(merge, 1) else 2
            assert len(comparison.boxes) == expected, (gap, step)


def _widened(first: np.ndarray) -> int:
    """By how many pixels the mask of a block is wider than the block: the blur adds some."""
    (box,) = helpers.compare(first, painted(first, (60, 50, 20, 20)), merge=0).boxes
    return box.width - 20


@pytest.mark.parametrize("merge", [0, 1, 2, 3, 18, 19, 20, 50, 500])
@pytest.mark.parametrize("place", [(100, 90, 20, 30), (3, 5, 20, 20), (275, 178, 20, 20)])
def test_merge_does_not_move_or_stretch_a_box(place, merge):
    second = painted(flat(), place)
    assert helpers.compare(flat(), second, ignore_below=0, merge=merge).boxes == [place]
    (box,) = helpers.compare(flat(), second, merge=merge).boxes
    assert np.abs(np.subtract(box, place)).max() <= 2


def test_pad_grows_boxes_and_ends_at_the_border():
    second = painted(flat(), (100, 100, 20, 30), (2, 195, 10, 5))
    found = helpers.compare(flat(), second, ignore_below=0, pad=4).boxes
    assert found == [(96, 96, 28, 38), (0, 191, 16, 9)]
    everything = helpers.compare(flat(), second, ignore_below=0, merge=0, pad=10**9).boxes
    assert everything == [(0, 0, 300, 200)]


def test_min_pixels_counts_the_box_before_it_is_padded():
    second = painted(flat(), (100, 100, 20, 30))
    for min_pixels, count in ((0, 1), (600, 1), (601, 0), (10**9, 0)):
        found = helpers.compare(flat(), second, ignore_below=0, min_pixels=min_pixels, pad=9).boxes
        assert len(found) == count


def test_a_change_in_what_is_ignored_is_no_difference():
    first = PHOTOGRAPHS[0]
    second = painted(first, (100, 100, 60, 40), (300, 200, 30, 30))
    assert len(helpers.compare(first, second).boxes) == 2
    (box,) = helpers.compare(first, second, ignore=[(100, 100, 60, 40)]).boxes
    assert overlap([box], [(300, 200, 30, 30)]) > 0.8
    both = [(95, 95, 70, 50), (290, 190, 500, 50)]
    assert helpers.compare(first, second, ignore=both).is_same
    assert helpers.compare(first, second, ignore=both).score == 1


def test_no_blur_reaches_into_what_is_ignored():
    second = painted(flat(), (50, 50, 100, 100), value=250)
    second = changed(second, "noise", np.random.default_rng(0))
    comparison = helpers.compare(flat(), second, ignore=[(56, 56, 88, 88)])
    assert comparison.kind == "stored"
    assert comparison.mask.any() and not comparison.mask[56:144, 56:144].any()


@pytest.mark.parametrize("ignore", [[(100, 100, 150, 150)], [(30, 30, 40, 60), (200, 50, 150, 80)]])
@pytest.mark.parametrize("shift", [0, 3])
def test_what_is_ignored_stays_so_when_tones_are_matched(ignore, shift):
    first = cv2.resize(PHOTOGRAPHS[0], (450, 320))
    table = (255 * (np.arange(256) / 255) ** 0.7).round().astype(np.uint8)
    comparison = helpers.compare(
        first, cv2.LUT(np.roll(first, shift, axis=1), table), ignore=ignore
    )
    assert comparison.tone is not None
    assert not comparison.mask[box_mask(ignore, first.shape[:2]) > 0].any()
    assert comparison.verdict == "explained"


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [None, float("nan"), 1.5, "8", -1, [1], np.array([3, 4])])
def test_numbers_that_make_no_sense_are_named(name, value):
    with pytest.raises(helpers.PictureError, match=f"{name} is .*Give a whole number"):
        helpers.compare(flat(), flat(90), **{name: value})


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [300, 10**6, 10**9, 2**31, 2**63, 10**30])
def test_huge_numbers_are_taken_or_named(name, value):
    second = painted(flat(), (100, 100, 60, 60))
    try:
        comparison = helpers.compare(flat(), second, **{name: value})
    except helpers.PictureError as error:
        assert str(error).startswith(f"{name} is {value}")
    else:
        assert name != "ignore_below", "gray levels end at 255"
        assert comparison.mask.shape == (200, 300)


@pytest.mark.parametrize("value", ["no", None, 1.5, [True], np.array([1, 0])])
def test_align_is_true_or_false(value):
    with pytest.raises(helpers.PictureError, match="align is"):
        helpers.compare(flat(), flat(90), align=value)


@pytest.mark.parametrize(
    "ignore",
    [
        None,
        5,
        "all",
        [(1, 2, 3)],
        [(1, 2, 3, 4, 5)],
        [(1.5, 2, 3, 4)],
        [(None, 2, 3, 4)],
        (90, 90, 100, 100),
        [None],
        np.zeros((20, 30), np.uint8),
        np.zeros((200, 300, 3), np.uint8),
        np.zeros((200, 300), np.float32),
        np.zeros((200, 300), int),
    ],
    ids=repr,
)
def test_what_cannot_be_ignored_is_named(ignore):
    with pytest.raises(helpers.PictureError, match="ignore"):
        helpers.compare(flat(), flat(90), ignore=ignore)


def test_settings_of_another_method_are_named():
    with pytest.raises(helpers.PictureError, match="'robust' has no setting 'colour'"):
        helpers.compare(flat(), flat(), colour=True)
    with pytest.raises(helpers.PictureError, match="'classic' has no setting 'ignore_below'"):
        helpers.compare(flat(), flat(), method="classic", ignore_below=3)


# Pictures that give little to go by, and pictures that share nothing


@pytest.mark.parametrize("shape", [(1, 400), (400, 1), (6, 300), (1, 1)])
def test_pictures_too_small_are_refused_in_words(shape):
    first, second = np.random.default_rng(0).integers(0, 256, (2, *shape, 3), dtype=np.uint8)
    with pytest.raises(helpers.PictureError, match="of 7 x 7 pixels or more"):
        helpers.compare(first, second)


@pytest.mark.parametrize(
    "shape", [(7, 7), (7, 3000), (32, 6000), (12000, 40), (127, 511), (128, 512), (129, 513)]
)
@pytest.mark.parametrize("kind", ["noise", "flat", "gradient", "text"])
def test_any_shape_and_content_is_answered(shape, kind):
    rng = np.random.default_rng(0)
    first, other = content(kind, *shape, rng), content("noise", *shape, rng)
    for second in (other, content(kind, *shape, rng), np.roll(first, 2, axis=1)):
        for pair in ((first, second), (second, first)):
            assert helpers.compare(*pair).mask.shape == shape


@pytest.mark.parametrize(("x", "y"), [(505, 60), (500, 120), (60, 121), (515, 129)])
@pytest.mark.parametrize("shape", [(127, 511), (128, 512), (129, 513), (260, 1030)])
def test_a_change_at_the_border_of_a_tile_is_one_box(shape, x, y):
    first = content("gradient", *shape, np.random.default_rng(3))
    place = (x, y, min(20, shape[1] - x), min(20, shape[0] - y))
    if min(place[2:]) < 6:
        return
    (box,) = helpers.compare(first, painted(first, place, value=255)).boxes
    assert np.abs(np.subtract(box, place)).max() <= 2


@pytest.mark.parametrize("shape", [(31, 40), (200, 300), (500, 700)])
def test_noise_and_other_noise_are_unlike(shape):
    rng = np.random.default_rng(0)
    comparison = helpers.compare(*(content("noise", *shape, rng) for _ in range(2)))
    assert comparison.verdict == "unlike" and comparison.boxes


PICTURES = [*PHOTOGRAPHS, *(helpers.load_image(f"images/original_{n}.png") for n in ("01", "09"))]


@pytest.mark.parametrize("one", range(4))
@pytest.mark.parametrize("other", range(4))
def test_two_scenes_with_nothing_in_common_are_unlike(one, other):
    first, second = (cv2.resize(PICTURES[i], (480, 360)) for i in (one, other))
    comparison = helpers.compare(first, second)
    assert comparison.verdict == ("identical" if one == other else "unlike")
    assert bool(comparison.boxes) == (one != other)


@pytest.mark.parametrize("one", range(4))
def test_a_scene_is_not_the_same_as_a_blank_page_or_its_negative(one):
    first = cv2.resize(PICTURES[one], (480, 360))
    blanks = [np.full_like(first, value) for value in (0, int(np.median(first)), 128, 255)]
    for second in (*blanks, 255 - first):
        assert helpers.compare(first, second).boxes
        assert helpers.compare(second, first).boxes


# Tiles


def halves() -> tuple[np.ndarray, np.ndarray]:
    """The left brightened, the right identical: some tiles are skipped, others get their tones."""
    first = content("noise", 400, 1200, np.random.default_rng(0))
    first[:, :500] = np.linspace(60, 200, 400)[:, None, None]
    second = first.copy()
    second[:, :500] = np.clip(first[:, :500] * 1.2 + 5, 0, 255)
    return first, second


@pytest.mark.parametrize("tolerance", [0, 1, 5, 9])
@pytest.mark.parametrize("kind", ["patches", "noise", "jpeg", "blur", "gamma", "shift", "halves"])
def test_the_result_does_not_depend_on_the_tiles(kind, tolerance, monkeypatch):
    rng = np.random.default_rng(4)
    first = cv2.resize(PHOTOGRAPHS[0], (700, 300))
    first, second = halves() if kind == "halves" else (first, changed(first, kind, rng))
    second = painted(second, (505, 120, 20, 30))
    results = []
    for tile in ((128, 512), (61, 83), (10**6, 10**6)):
        monkeypatch.setattr(engine, "TILE", tile)
        results.append(helpers.compare(first, second, tolerance=tolerance))
    tolerated = 255 - engine.UNIT  # what is no more than that may be left out by the tile
    expected = np.minimum(results[0].difference, tolerated)
    for result in results[1:]:
        assert np.array_equal(np.minimum(result.difference, tolerated), expected)
        assert np.array_equal(result.mask, results[0].mask)
        assert result.boxes == results[0].boxes


# The pairs of the course


@pytest.fixture(scope="module")
def course():
    return helpers.evaluate("images", iou=0.3)


def test_every_difference_of_the_course_is_touched(course):
    assert len(course.results) == 12
    for result in course.results:
        assert result.touched == len(result.pair.boxes), result.pair.name
        assert result.stray == 0, result.pair.name
    assert course.scores.recall >= 0.95 and course.scores.precision >= 0.9
    assert course.false_alarms == []


def test_robust_is_the_better_method_on_the_course(course):
    classic = helpers.evaluate("images", method="classic", iou=0.3)
    assert course.method == "robust"
    assert course.scores.f1 > 5 * classic.scores.f1


def test_a_box_ends_where_the_change_is_strong():
    first = cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR)
    second = first.copy()
    second[100:120, 100:120] = 255 - second[100:120, 100:120]
    second[100:108, 130:138] = cv2.add(second[100:108, 130:138], (10, 10, 10, 0))
    second = changed(second, "noise", np.random.default_rng(0))
    comparison = helpers.compare(first, second)
    assert (comparison.difference[100:108, 130:138] < 255).any()  # it differs, but only a little
    (box,) = comparison.boxes
    assert box.x >= 95 and box.x + box.width <= 125


@pytest.mark.parametrize("radius", [50, 80, 110, 140])
def test_a_change_of_a_third_of_the_picture_does_not_pass_for_tolerance(radius):
    first, stored = moved_disc(radius)
    boxes = helpers.compare(first, stored).boxes
    true_box = (240 - radius, 200 - radius, 2 * radius + 1, 2 * radius + 1)
    assert helpers.overlap(boxes, [true_box]).max() > 0.7


def test_the_tolerance_is_that_of_the_unchanged_part():
    unchanged, changed = (engine.measure_tolerance(*moved_disc(radius), 8, 1) for radius in (0, 80))
    assert changed.gray == pytest.approx(unchanged.gray, abs=2)
    assert changed.edge == pytest.approx(unchanged.edge, abs=0.1)


def moved_disc(radius):
    """Gravel, and its copy as JPEG in which a disc in the middle lies 12 pixels further."""
    first = cv2.cvtColor(cv2.resize(data.gravel(), (480, 400)), cv2.COLOR_GRAY2BGR)
    disc = cv2.circle(np.zeros((400, 480), np.uint8), (240, 200), radius, 255, -1)
    moved = np.where(disc[..., None] > 0, np.roll(first, 12, axis=1), first)
    encoded = cv2.imencode(".jpg", moved, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return first, cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def test_the_panel_shows_the_second_picture_where_its_boxes_are():
    gravel = cv2.cvtColor(data.gravel(), cv2.COLOR_GRAY2BGR)
    first, second = gravel[20:420, 20:420].copy(), gravel[25:425, 12:412].copy()
    second[200:240, 200:240] = 0
    comparison = helpers.compare(first, second)
    assert comparison.alignment and not np.array_equal(comparison.aligned, second)
    expected = helpers.draw_boxes(comparison.aligned, comparison.boxes)
    assert np.array_equal(comparison.panels()["modified"], expected)
