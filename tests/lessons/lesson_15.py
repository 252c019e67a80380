"""What learners of lesson 15 type and what the check must say; positions of its slider."""

CLOSING = """
def tolerant_pipeline(first, second):
    difference = cv2.GaussianBlur(cv2.absdiff(first, second).max(axis=2), (5, 5), 0)
    mask = cv2.threshold(difference, 15, 255, cv2.THRESH_BINARY)[1]
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((19, 19), np.uint8))
    boxes = helpers.bounding_boxes(helpers.find_contours(mask))
    return [b for b in boxes if difference[b.y : b.y + b.height, b.x : b.x + b.width].max() >= 55]
"""

ALIGNED = """
def aligned_pipeline(first, second):
    alignment = helpers.find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    if alignment:
        second = helpers.warp(second, alignment)
    tone = helpers.find_tone(first, second)
    if tone and tone.corrects == "first":
        first = helpers.apply_tone(first, tone)
    elif tone:
        second = helpers.apply_tone(second, tone)
"""

WRONG = {
    "15.1": [
        ("aligned_pipeline = my_pipeline", "Do you warp"),
        (
            """def aligned_pipeline(first, second):
    alignment = helpers.find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    return my_pipeline(first, helpers.warp(second, alignment) if alignment else second)""",
            "that the tone names",
        ),
        (ALIGNED + "    return my_pipeline(first, second, strength=15)", "with this nuisance"),
        (
            """def aligned_pipeline(first, second):
    alignment = helpers.find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    return my_pipeline(first, helpers.warp(second, alignment))""",
            "in line 3",
        ),
        ("aligned_pipeline = my_pipeline(*challenge.pair(0))", "without ()"),
        ("def aligned_pipeline(first, second):\n    my_pipeline(first, second)", "'NoneType'"),
        ("aligned_pipeline = lambda a, b: helpers.compare(a, b).boxes", "call my_pipeline"),
    ],
    "15.2": [
        ("tolerant_pipeline = my_pipeline", "wrong size"),
        ("tolerant_pipeline = lambda first, second: []", "nothing at all"),
        (
            "tolerant_pipeline = lambda a, b: helpers.compare(a, b, pad=1).boxes",
            "Write the steps yourself",
        ),
        (CLOSING, "with this nuisance"),
    ],
    "15.3": [
        ("final = robust.scores.f1", "what `score` of a challenge returns"),
        ("final = mine", "pairs of seed 13"),
        ("final = Challenge(31, pairs=2).score(my_pipeline)", "pairs of seed 31"),
        ("final = Challenge(pairs=2).score(my_pipeline)", "It has 2 pairs"),
        ("final = Challenge(pairs=2).score('classic')", "a method of the course"),
        ("import dataclasses\nfinal = dataclasses.replace(mine, seed=None)", "very result"),
        ("import copy\nfinal = copy.deepcopy(mine)", "very result"),
    ],
}

SLIDERS = {
    "ignore_below": [
        (0, "ignore below 0: 99"),
        (25, "belong to changes, 1 box"),
        (60, "belong to changes, 0 boxes"),
    ]
}

FULL = (  # each scores several pipelines on 70 pairs
    "exercise 15.1: wrong_answers",
    "exercise 15.2: wrong_answers",
    "exercise 15.3: solution",
)
