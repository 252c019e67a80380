"""The quizzes: their form and what they claim. Their front end: tests/browser."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.metrics import structural_similarity

import helpers
from helpers.course.lessons import lesson_numbers, load_lesson
from helpers.course.questions import Choice
from helpers.course.quizzes import load_questions, quiz
from notebooks import NOTEBOOKS, code_cells

IMAGES = Path(__file__).parents[2] / "images"
LESSONS = {
    "recipe": ("00", "01", "02", "03", "04", "05", "06"),
    "real_pictures": ("10", "11", "12", "13", "14"),
    "other_ways": ("20", "21", "22", "23", "24"),
}
RIGHT, WRONG = Choice("7", "It is.", right=True), Choice("8", "It is 7.")
every_quiz = pytest.mark.parametrize("name", LESSONS)


def places(name: str) -> list[int]:
    """Where the right choices stand."""
    return [
        [choice["right"] for choice in question["choices"]].index(True)
        for question in load_questions(name)
    ]


def picture(name: str) -> np.ndarray:
    return helpers.load_image(IMAGES / name)


def gray(name: str) -> np.ndarray:
    return helpers.to_gray(picture(name))


def test_every_question_of_a_lesson_is_in_the_quiz_of_its_part():
    with_questions = {n for n in lesson_numbers() if hasattr(load_lesson(n), "QUESTIONS")}
    asked = [question["lesson"] for name in LESSONS for question in load_questions(name)]
    assert set(asked) == with_questions
    assert Counter(asked) == {n: len(load_lesson(n).QUESTIONS) for n in with_questions}


@every_quiz
def test_questions_are_well_formed(name):
    questions = load_questions(name)
    assert 6 <= len(questions) <= 8
    assert len({question["ask"] for question in questions}) == len(questions)
    for question in questions:
        assert question["lesson"] in LESSONS[name]
        assert len(question["code"].splitlines()) <= 4
        assert 3 <= len(question["choices"]) <= 4
        for choice in question["choices"]:
            assert len(choice["why"]) > 50
        for key in ("text", "why"):
            texts = [choice[key] for choice in question["choices"]]
            assert len(set(texts)) == len(texts)
        texts = [question["ask"], *(c[key] for c in question["choices"] for key in ("text", "why"))]
        assert all(text.count("`") % 2 == 0 and text == text.strip() for text in texts)


@every_quiz
def test_neither_place_nor_length_gives_the_right_choice_away(name):
    counts = Counter(places(name))
    assert max(counts.values()) <= len(places(name)) / 2
    assert set(counts) == {0, 1, 2, 3}
    longest = shortest = 0
    for question, place in zip(load_questions(name), places(name), strict=True):
        lengths = [len(choice["text"]) for choice in question["choices"]]
        others = lengths[:place] + lengths[place + 1 :]
        longest += lengths[place] > max(others)
        shortest += lengths[place] < min(others)
    assert longest <= 3 and shortest <= 3


@every_quiz
def test_a_quiz_stands_in_a_lesson_and_its_questions_are_stored(name):
    (cell,) = [
        cell for path in NOTEBOOKS for cell in code_cells(path) if cell.source == f'quiz("{name}")'
    ]
    stored = cell.outputs[0].data
    shown, _ = quiz(name)._repr_mimebundle_()
    assert stored["text/plain"] == shown["text/plain"]
    assert stored["text/markdown"] == shown["text/markdown"]
    for question in load_questions(name):
        assert question["ask"] in stored["text/markdown"]
    visible = "".join(
        part.partition("</details>")[2]
        for part in ("</details>" + stored["text/markdown"]).split("<details>")
    )
    for question in load_questions(name):
        for choice in question["choices"]:
            assert choice["text"] in visible and choice["why"] not in visible


@every_quiz
def test_stored_answers_name_the_right_letter(name):
    shown, _ = quiz(name)._repr_mimebundle_()
    answers = shown["text/markdown"].split("<summary>Answer</summary>\n\n")[1:]
    assert [answer[0] for answer in answers] == ["ABCD"[place] for place in places(name)]


def test_no_such_quiz():
    with pytest.raises(
        ValueError, match=r"no quiz '\.\./x'. Give one of: other_ways, real_pictures, recipe\."
    ):
        quiz("../x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ask": ""}, "'ask' is missing"),
        ({"choices": ()}, "'choices' is missing"),
        ({"choices": (WRONG, RIGHT._replace(why=""))}, "choice 2 needs both"),
        ({"choices": (WRONG._replace(text=""), RIGHT)}, "choice 1 needs both"),
        ({"choices": (WRONG, RIGHT, RIGHT)}, "2 choices are right"),
        ({"choices": (WRONG, WRONG)}, "0 choices are right"),
    ],
)
def test_an_incomplete_question_is_refused(change, message, monkeypatch):
    lesson = load_lesson("03")
    first, second = lesson.QUESTIONS
    monkeypatch.setattr(lesson, "QUESTIONS", (first, second._replace(**change)))
    with pytest.raises(ValueError, match=f"Lesson 03, question 2: {message}"):
        quiz("recipe")


def test_the_package_does_not_load_it():
    code = "import sys, helpers; sys.exit('helpers.course.quizzes' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# What the questions claim. A number in a comment is that of the question.


def said(name: str, number: int) -> str:
    return json.dumps(load_questions(name)[number - 1], ensure_ascii=False)


def squares(color: tuple[int, int, int]) -> np.ndarray:
    paper = np.full((120, 160, 3), 255, dtype="uint8")
    paper[40:80, 50:110] = color
    return paper


def test_recipe_01_and_02_colours():
    assert picture("original_01.png")[400, 685].tolist() == [56, 178, 255]
    expected = {(0, 200, 0): 117, (67, 67, 67): 67, (0, 102, 0): 60, (200, 0, 0): 23}
    for color, level in expected.items():
        comparison = helpers.compare(squares((0, 0, 200)), squares(color), method="classic")
        assert helpers.to_gray(np.uint8([[color]])) == level
        assert len(comparison.boxes) == (level != 60)
        assert f"`{color}`" in said("recipe", 2) and str(level) in said("recipe", 2)
    assert helpers.to_gray(np.uint8([[(0, 0, 200)]])) == 60 and round(200 / 3) == 67


def test_recipe_03_order_of_ssim():
    photo = gray("original_09.png")
    noise = np.random.default_rng(7).random(photo.shape) - 0.5
    noisy = np.round(photo + noise * np.sqrt(120 / np.mean(noise**2))).clip(0, 255)
    copies = {
        "0.99": np.minimum(photo, 244) + 11,
        "0.60": np.roll(photo, 3, axis=1),
        "0.63": noisy.astype("uint8"),
    }
    for score, copy in copies.items():
        assert f"{structural_similarity(photo, copy.astype('uint8')):.2f}" == score
        assert score in said("recipe", 3)


def cheque_similarity() -> np.ndarray:
    first, second = gray("original_03.png"), gray("modified_03.png")
    return structural_similarity(first, second, full=True)[1]


def mask_of(difference: np.ndarray, kind: int = cv2.THRESH_BINARY_INV) -> np.ndarray:
    return cv2.threshold(difference, 0, 255, kind | cv2.THRESH_OTSU)[1]


def test_recipe_04_negative_values_make_holes():
    similarity = cheque_similarity()
    wrapped = (similarity * 255).astype(int).astype("uint8")
    right = mask_of(helpers.difference_image(similarity))
    holes = (mask_of(wrapped) == 0) & (right > 0)
    assert holes.sum() > 1000 and right[similarity < 0].all()
    assert similarity[holes].min() > -0.45 and similarity[holes].max() < 0
    assert mask_of(wrapped)[similarity < -0.45].all()  # a medium gray, so still marked
    assert np.mean(cv2.erode(right, np.ones((3, 3)))[holes] > 0) > 0.95  # in the middle
    plain = mask_of(wrapped, cv2.THRESH_BINARY)
    assert np.array_equal(plain, 255 - mask_of(wrapped))


def test_recipe_05_not_inverted():
    difference = helpers.difference_image(cheque_similarity())
    plain = mask_of(difference, cv2.THRESH_BINARY)
    (contour,) = helpers.find_contours(plain)
    assert cv2.boundingRect(contour) == (0, 0, 1000, 450)
    assert f"{np.mean(plain > 0):.0%}" == "98%" and "98 %" in said("recipe", 5)
    assert len(helpers.find_contours(mask_of(difference))) == 12
    threshold, _ = cv2.threshold(difference, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    assert threshold == helpers.otsu_mask(difference)[0] == 146


def test_recipe_06_thresholds():
    stored = helpers.compare(
        picture("original_10.png"), picture("modified_10.jpg"), method="classic"
    )
    moved = helpers.compare(
        picture("original_12.png"), picture("modified_12.png"), method="classic"
    )
    assert (stored.threshold, len(stored.boxes), moved.threshold) == (238, 416, 61)
    assert all(number in said("recipe", 6) for number in ("238", "416", "61"))


def test_recipe_07_areas():
    square, line, ring = np.zeros((3, 80, 80), dtype="uint8")
    square[5:8, 5:8] = line[5, 5:55] = 255
    cv2.circle(ring, (40, 40), 20, 255)
    contours = [helpers.find_contours(mask)[0] for mask in (square, line, ring)]
    assert [cv2.contourArea(contour) for contour in contours] == [4, 0, 1200]
    assert "area is 4" in said("recipe", 7) and "1200" in said("recipe", 7)
    assert cv2.boundingRect(contours[2])[2] == 41
    assert helpers.bounding_boxes([contours[1]])[0].area == 50


def test_recipe_08_width_and_height_as_a_corner():
    drawn = np.zeros((450, 1000, 3), dtype="uint8")
    cv2.rectangle(drawn, (797, 284), (139, 64), (0, 0, 255), 1)
    assert cv2.boundingRect(drawn[:, :, 2]) == (139, 64, 797 - 139 + 1, 284 - 64 + 1)


def outside(values: np.ndarray, other: np.ndarray, side: int) -> np.ndarray:
    square = np.ones((side, side), dtype="uint8")
    above = cv2.subtract(values, cv2.dilate(other, square))
    return cv2.max(above, cv2.subtract(cv2.erode(other, square), values))


def test_real_pictures_01_one_direction():
    first = np.full((40, 40), 200, dtype="uint8")
    second = first.copy()
    second[:, 20] = 10
    assert not outside(first, second, 3).any()
    assert cv2.boundingRect(outside(second, first, 3)) == (20, 0, 1, 40)


def test_real_pictures_02_a_wide_neighbourhood():
    first, second = picture("original_08.png"), picture("modified_08.png")
    boxes = helpers.load_pairs(IMAGES)[7].boxes
    seen = {}
    for side in (3, 25):
        left = cv2.max(outside(first, second, side), outside(second, first, side)).max(axis=2)
        parts = [left[y : y + height, x : x + width] for x, y, width, height in boxes]
        seen[side] = sum(part.max() > 8 for part in parts)
    assert len(boxes) == 5 and seen == {3: 5, 25: 1}
    row = np.repeat(np.uint8([[10, 200]]), 40, axis=1)
    assert not outside(row[:, 20:60], row[:, 8:48], 25).any()
    assert outside(row[:, 20:60], row[:, 8:48], 23).any()


def test_real_pictures_03_direction_of_the_matrix():
    first, second = gray("original_12.png"), gray("modified_12.png")
    matrix, size = helpers.find_alignment(first, second).matrix, first.shape[::-1]
    wrong = cv2.warpAffine(second, matrix, size)
    right = cv2.warpAffine(second, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    scores = [helpers.ssim(first, picture)[0] for picture in (wrong, second, right)]
    assert scores == sorted(scores)
    assert [f"{scores[0]:.2f}", f"{scores[2]:.2f}"] == ["0.04", "0.96"]
    assert "0.96" in said("real_pictures", 3) and "0.04" in said("real_pictures", 3)


def test_real_pictures_04_half_in_the_shade():
    first, second = picture("original_09.png"), picture("modified_09.png")
    second[:, 225:] = np.round(second[:, 225:] * np.array([0.9, 0.8, 0.7]))
    whole = helpers.compare(first, second)
    half = helpers.compare(first[:, 225:], second[:, 225:])
    eye = helpers.load_pairs(IMAGES)[8].boxes[1]
    assert whole.tone is None and not any(helpers.overlap(whole.boxes, [eye]) > 0.1)
    assert half.tone is not None and len(half.boxes) == 1


def test_real_pictures_05_without_the_unchanged_pair():
    evaluation = helpers.evaluate(IMAGES, method="classic")
    others = [result for result in evaluation.results if result.pair.name != "10"]
    assert sum(len(result.found) for result in evaluation.results if result not in others) == 416
    right = sum(result.matched for result in others)
    precision = right / sum(len(result.found) for result in others)
    changes = sum(len(result.pair.boxes) for result in others)
    assert right / changes == evaluation.scores.recall and changes == 26
    shown = f"from {evaluation.scores.precision:.2f} to {precision:.2f}"
    assert shown in said("real_pictures", 5) and f"{right / changes:.2f}" == "0.69"


def test_real_pictures_06_recall_without_one_to_one():
    truth = helpers.load_pairs(IMAGES)[3].boxes

    def recall(found):
        return np.sum(helpers.overlap(found, truth).max(axis=1) >= 0.5) / len(truth)

    pieces = [(x + part, y, 0.4 * w, h) for x, y, w, h in truth for part in (0, 0.6 * w)]
    assert recall(2 * truth) == 2
    assert recall([tuple(map(int, piece)) for piece in pieces]) == 0
    assert recall([(0, 0, 1000, 1000)]) == 0


def test_real_pictures_07_the_best_of_19_settings():
    (path,) = (path for path in NOTEBOOKS if path.stem.startswith("13_"))
    cells = {cell.source: cell.outputs for cell in code_cells(path)}
    assert any("range(15, 196, 10)" in source for source in cells) and len(range(15, 196, 10)) == 19
    printed = "".join(output.get("text", "") for outputs in cells.values() for output in outputs)
    tried = [float(found) for found in re.findall(r"^\d+: F1 (0\.\d+)", printed, re.MULTILINE)]
    assert f"{max(tried):.2f}" == "0.73" and "0.73" in said("real_pictures", 7)


def test_real_pictures_08_halo_of_a_wider_window():
    first = gray("original_08.png")
    second = cv2.add(first, np.random.default_rng(14).integers(0, 9, first.shape, dtype="uint8"))
    whole = helpers.ssim(first, second, window=11)[1]
    seam = 80
    near = helpers.ssim(first[: seam + 3], second[: seam + 3], window=11)[1][:seam]
    wrong = np.abs(near - whole[:seam]) > 1e-6
    assert wrong[-2:].any(axis=1).all() and not wrong[:-2].any()
    far = helpers.ssim(first[: seam + 5], second[: seam + 5], window=11)[1][:seam]
    assert np.allclose(far, whole[:seam], rtol=0, atol=1e-6)


def test_other_ways_02_cosine_and_distance():
    angle = np.arccos(0.8)
    tips = np.array([[1, 0], [np.cos(angle), np.sin(angle)]])
    assert f"{np.linalg.norm(tips[0] - tips[1]):.2f}" == "0.63" in said("other_ways", 2)
    assert 1 - 0.5**2 / 2 == 0.875 and "0.875" in said("other_ways", 2)


def test_other_ways_03_to_05_counts_of_pairs():
    assert 8 * 7 // 2 == 28 and "28 positive pairs" in said("other_ways", 3)
    labels = np.repeat(np.arange(200), 8)
    same = (labels[:, None] == labels).sum() - len(labels)
    chance = same / (len(labels) * (len(labels) - 1))
    assert f"{1000 * chance:.1f}" == "4.4" and "4.4 in a thousand" in said("other_ways", 4)
    batch = np.repeat(np.arange(32), 4)
    first, second = np.triu_indices(len(batch), 1)
    counts = len(first), int((batch[first] == batch[second]).sum())
    assert counts == (8128, 192) and "8128, and 192" in said("other_ways", 5)


def test_other_ways_06_beyond_the_margin():
    def loss(distance, same, margin=1.0):
        return distance**2 if same else max(margin - distance, 0) ** 2

    assert loss(1.3, False) == 0 and f"{loss(1.3, True):.2f}" == "1.69"
    assert f"{(1 - 1.3) ** 2:.2f}" == "0.09"


def test_other_ways_07_addresses():
    from helpers.deep.phishing import is_on_list

    choices = load_questions("other_ways")[6]["choices"]
    for choice in choices:
        listed = is_on_list(choice["text"].strip("`"), ["sumau.example"])
        assert listed == choice["right"]


def test_other_ways_08_look_alikes_are_placed_next_to_the_clones():
    from helpers.deep.pages import load_pages
    from helpers.deep.phishing import whole_page_ssim

    known = [page.read() for page in load_pages("known")]
    scores = {
        kind: [
            whole_page_ssim(page.read(), known)
            for page in load_pages("tuning")
            if page.kind == kind
        ]
        for kind in ("clone", "look_alike", "anew")
    }
    assert np.median(scores["look_alike"]) > 0.85 > np.quantile(scores["anew"], 0.9)
