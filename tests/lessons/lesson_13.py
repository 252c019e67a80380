"""What learners of lesson 13 type and what the check must say; positions of its slider."""

# A pipeline that is right but for what stands in the braces.
PIPELINE = """
def better_pipeline(first, second):
    difference = cv2.GaussianBlur(cv2.absdiff(first, second).max(axis=2), (5, 5), 0)
    mask = cv2.threshold(difference, {threshold}, 255, cv2.{kind})[1]
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(({side}, {side}), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.{mode}, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if difference[y : y + h, x : x + w].max() >= {strength}:
            {body}
            boxes.append({box})
    return {result}
"""
RIGHT = {
    "threshold": 10,
    "kind": "THRESH_BINARY",
    "side": 19,
    "mode": "RETR_EXTERNAL",
    "strength": 55,
    "body": "pass",
    "box": "(x, y, w, h)",
    "result": "boxes",
}


def pipeline(**changes: object) -> str:
    return PIPELINE.format(**RIGHT | changes)


WRONG = {
    "13.1": [
        ("small_overlaps = [36 / 49, 36 / 64]", "one left and one right"),
        ("small_overlaps = [36 / (36 + 64), 36 / (36 + 100)]", "twice"),
        ("small_overlaps = [6 / 8, 6 / 10]", "Count areas"),
        ("small_overlaps = [64 / 36, 100 / 36]", "turn it over"),
        ("small_overlaps = [1 - 36 / 64, 1 - 36 / 100]", "only one box covers"),
        ("small_overlaps = [56.25, 36]", "percent"),
        ("small_overlaps = [36 / 100, 36 / 64]", "order is swapped"),
        ("small_overlaps = [0.5, 0.36]", "The first number is off"),
        ("small_overlaps = [0.57, 0.36]", "The first number is off"),
        ("small_overlaps = [0.56, 0.37]", "The second number is off"),
        ("small_overlaps = [0.5, 0.25]", "2 of 2 values are other ones"),
        ("small_overlaps = 36 / 64", "one number"),
        ("small_overlaps = '0.5625, 0.36'", "type str"),
    ],
    "13.2": [
        ("strength_for_20 = 135", "At most 20 includes 20"),
        ("strength_for_20 = evaluations[125].scores.recall", "That is the recall"),
        ("strength_for_20 = 20", "how many boxes"),
        ("strength_for_20 = 55", "leaves 29 boxes, and 20 of them are right"),
        ("strength_for_20 = max(evaluations)", "leaves 5 boxes, and 4 of them"),
        ("strength_for_20 = max(evaluations, key=lambda s: evaluations[s].scores.f1)", "29 boxes"),
        (
            "few = [s for s, e in evaluations.items() if len(e.results) <= 20]\n"
            "strength_for_20 = max(few, key=lambda s: evaluations[s].scores.recall)",
            "At 15 the lesson's find_patches leaves 91 boxes",
        ),
        ("strength_for_20 = 130", "no key of evaluations"),
        ("strength_for_20 = [125, 135]", "One number"),
        ("strength_for_20 = evaluations[125]", "type Evaluation"),
    ],
    "13.3": [
        ("better_pipeline = my_pipeline", "61 boxes lie on pairs without a change"),
        (
            "def better_pipeline(first, second):\n"
            "    return my_pipeline(first, second, strength=55)",
            "F1 is 0.7273: 20 right, 9 wrong, 6 missed. Most boxes are in the right place",
        ),
        ("better_pipeline = find_patches", "returned 'tuple'. Expected is a list of boxes"),
        ("better_pipeline = whole_picture", "a box round everything"),
        (
            "better_pipeline = helpers.evaluate('../images', method=whole_picture)",
            "expected is a function",
        ),
        (
            "def better_pipeline(first, second):\n    return helpers.compare(first, second).boxes",
            "those of robust",
        ),
        (
            "def better_pipeline(first, second):\n"
            "    return helpers.compare(first, second, pad=1).boxes",
            "those of robust",
        ),
        (
            "known = [(helpers.load_image(pair.second), pair.boxes)\n"
            "         for pair in helpers.load_pairs('../images')]\n"
            "def better_pipeline(first, second):\n"
            "    boxes = [boxes for picture, boxes in known if np.array_equal(picture, second)]\n"
            "    return boxes[0] if boxes else []",
            "by heart",
        ),
        (pipeline(kind="THRESH_BINARY_INV"), "Is the mask white where pictures differ?"),
        (pipeline(box="(x, y, x + w, y + h)"), "second corner"),
        (pipeline(box="(x, y, h, w)"), "Width and height are swapped"),
        (pipeline(box="(y, x, h, w)"), "Rows and columns are swapped"),
        (pipeline(box="(y, x, w, h)"), "x and y are swapped"),
        (pipeline(strength=0), "14 boxes lie on pairs without a change"),
        (pipeline(side=1, mode="RETR_LIST"), "outer contours alone"),
        (pipeline(side=9, mode="RETR_TREE"), "outer contours alone"),
        (pipeline(strength=150), "The worst pair is"),
        (pipeline(side=9), "F1 is 0.8000: "),
        (pipeline(strength=256), "finds nothing"),
        (
            pipeline(body="cv2.rectangle(second, (x, y), (x + w, y + h), (0, 0, 255), 2)"),
            "It changes the pictures",
        ),
        (pipeline(result="None"), "It returns None"),
        (pipeline(result="contours"), "cannot be scored"),
        (pipeline(result="mask"), "returned 'ndarray'. Expected is a list of boxes"),
        (pipeline(box="(x / 2, y, w, h)"), "Give a whole number"),
        (pipeline(box="(x, y, w)"), "Expected is a list of boxes"),
        (pipeline(threshold="limit"), "stops with NameError in line 4: name 'limit' is not"),
        (pipeline(body="assert h > w"), "AssertionError in line 11: it gives no reason"),
        (pipeline(side="'9'"), "stops with TypeError in line 5"),
        (pipeline(kind="THRESH_OTSU"), "F1 is 0.5714"),
        (
            "def better_pipeline(first, second):\n    return cv2.GaussianBlur(first, (4, 4), 0)",
            "stops with cv2.error in line 2: ",
        ),
        (
            "def better_pipeline(first, second, strength):\n    return []",
            "missing 1 required positional argument: 'strength'",
        ),
    ],
}

SLIDERS = {
    "precision_recall": [
        (15, "from 15 up: precision 0.22, recall 0.77, F1 0.34"),
        (95, "from 95 up: precision 0.70, recall 0.62, F1 0.65"),
        (195, "from 195 up: precision 0.80, recall 0.15, F1 0.26"),
    ]
}
