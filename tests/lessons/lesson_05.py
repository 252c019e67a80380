"""What learners of lesson 05 type and what the check must say; positions of its slider."""


def outline(
    mode: str = "RETR_EXTERNAL",
    *,
    source: str = "login_mask",
    page: str = "login_modified.copy()",
    end: str = "-1, (255, 0, 0), 1",
) -> str:
    """Find contours and draw them, as the solution does where nothing else is given."""
    return (
        f"c, _ = cv2.findContours({source}, cv2.{mode}, cv2.CHAIN_APPROX_SIMPLE); "
        f"outlined_login = cv2.drawContours({page}, c, {end})"
    )


def grow(kernel: str, call: str = "dilate") -> str:
    return f"joined = helpers.find_contours(cv2.{call}(mask, {kernel}))"


CHIP = "chip = np.argmax([cv2.contourArea(contour) for contour in levels])"
ONES = "np.ones((25, 25), dtype='uint8')"
GROWN = f"cv2.dilate(mask, {ONES})"

WRONG = {
    "05.1": [
        (outline(page="login_modified"), "Draw on a copy"),
        (outline(page="login_modified") + ".copy()", "Draw on a copy"),
        ("other = login_modified; " + outline(page="other"), "Draw on a copy"),
        (outline(end="-1, (0, 0, 255), 1"), "blue, green, red"),
        (outline(end="-1, (0, 255, 0), 1"), "not blue"),
        (outline(end="-1, 255, 2"), "too thick"),
        (outline("RETR_LIST"), "borders of holes"),
        (outline("RETR_TREE"), "borders of holes"),
        (outline("RETR_CCOMP"), "borders of holes"),
        (outline(end="0, (255, 0, 0), 1"), "Only the first"),
        (outline(end="-1, (255, 0, 0), -1"), "filled"),
        (outline(page="login_original.copy()"), "original page"),
        (outline(source="mask"), "of the card"),
        (outline(source="255 - login_mask"), "round the whole page"),
        (outline(page="login_mask.copy()"), "shape"),
        (
            outline(page="cv2.cvtColor(login_modified, cv2.COLOR_BGR2RGB)"),
            "RGB order",
        ),
        (outline() + "[..., ::-1]", "Red and blue are swapped"),
        ("outlined_login = login_modified.copy()", "Nothing is drawn"),
        ("outlined_login = helpers.find_contours(login_mask)", "list"),
        ("outlined_login = outlined", "shape"),
    ],
    "05.2": [
        ("chip_holes = np.flatnonzero(parents >= 0)", "all holes"),
        (f"{CHIP}; chip_holes = np.flatnonzero((parents >= 0) & (parents != chip))", "letters"),
        ("chip_holes = np.flatnonzero(parents == -1)", "the patches"),
        (f"{CHIP}; chip_holes = parents == chip", "True or False"),
        (f"{CHIP}; chip_holes = np.where(parents == chip)", "tuple"),
        (f"{CHIP}; chip_holes = np.sum(parents == chip)", "how many holes"),
        ("chip_holes = np.sum(parents == -1)", "list of their indices"),
        (f"{CHIP}; chip_holes = chip", "index of the chip"),
        (f"{CHIP}; chip_holes = [parent for parent in parents if parent == chip]", "the parents"),
        (
            f"{CHIP}; chip_holes = [levels[i] for i in np.flatnonzero(parents == chip)]",
            "their indices",
        ),
        ("chip_holes = levels", "Give their indices"),
        ("chip_holes = levels[17]", "a list of numbers is expected"),
        ("chip_holes = 3", "one number; a list of numbers is expected"),
        (f"{CHIP}; chip_holes = 1 + np.flatnonzero(parents == chip)", "other ones"),
        (f"{CHIP}; chip_holes = np.flatnonzero(parents == chip)[1:]", "There are 14"),
        (
            "chip = np.argmax([cv2.contourArea(c) for c in contours]); "
            "chip_holes = np.flatnonzero(parents == chip)",
            "There are 0",
        ),
        ("chip_holes = hierarchy[0][17]", "There are 4"),
    ],
    "05.3": [
        (f"joined = len(helpers.find_contours({GROWN}))", "This is a number"),
        (f"joined = cv2.findContours({GROWN}, 0, 2)", "Keep the contours"),
        (f"joined = {GROWN}", "This is a picture"),
        (grow("np.ones((5, 5), dtype='uint8')"), "too little"),
        (grow("np.ones((24, 25), dtype='uint8')"), "too little"),
        (grow("np.ones((26, 26), dtype='uint8')"), "too much"),
        (grow("None, iterations=25"), "too much"),
        (grow(ONES + ", iterations=2"), "too much"),
        (grow("cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))"), "too little"),
        (grow(ONES, "erode"), "cv2.dilate makes white grow"),
        (f"joined = helpers.find_contours(255 - {GROWN})", "black and white are swapped"),
        (f"joined = helpers.find_contours({GROWN})[:1]", "single contour"),
        (f"joined = helpers.find_contours({GROWN})[0]", "expected is a list"),
        (f"joined = 2 * helpers.find_contours({GROWN})", "inside others"),
        ("joined = [np.zeros((0, 1, 2), dtype='int32')]", "expected is a list"),
        ("joined = [contour + 9999 for contour in contours]", "expected is a list"),
        ("joined = contours", "before it grew"),
        (f"{GROWN}; joined = helpers.find_contours(mask)", "before it grew"),
        ("joined = cv2.findContours(mask, cv2.RETR_LIST, 2)[0]", "before it grew"),
    ],
}

SLIDERS = {
    "smallest_area": [
        (0, "from 0 pixels up: 14 of 14 boxes"),
        (1000, "from 1000 pixels up: 2 of 14 boxes"),
        (1500, "from 1500 pixels up: 1 of 14 boxes"),
    ]
}
