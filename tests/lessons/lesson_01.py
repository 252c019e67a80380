"""What learners of lesson 01 type and what the check must say; positions of its slider."""

COPY = "painted = card_original.copy(); "
SIZE = "height, width = card_modified.shape[:2]; "
HALF = SIZE + "small = cv2.resize(card_modified, (width // 2, height // 2)); "

WRONG = {
    "01.1": [
        ("logo = card_original[580:720, 350:470]", "Rows and columns are swapped"),
        ("logo = card_original[350:470][580:720]", "second brackets cut rows again"),
        ("logo = card_original[350:469, 580:719]", "last row and the last column are missing"),
        ("logo = card_original[350:471, 580:721]", "too many"),
        ("logo = card_original[350:490, 580:700]", "width and height are swapped"),
        ("logo = card_original[351:471, 581:721]", "values are other ones"),
        ("logo = card_original[350:470, 580:719]", "should be (120, 140, 3)"),
        ("logo = card_modified[350:470, 580:720]", "no logo on this card"),
        ("logo = card_rgb[350:470, 580:720]", "Red and blue are swapped"),
        ("logo = card_original[350:470, 580:720, 0]", "should be (120, 140, 3)"),
        ("logo = card_original[350:470, 580:720] / 255", "holds float64"),
        ("logo = card_original[350:470]", "should be (120, 140, 3)"),
        ("logo = card_original[350:470, 580:720].tolist()", "expected is uint8"),
    ],
    "01.2": [
        ("painted = card_original; painted[:50, :50] = (0, 0, 255)", "paint a copy"),
        ("painted = card_original[:]; painted[:50, :50] = (0, 0, 255)", "paint a copy"),
        ("painted = card_original[:50, :50] = (0, 0, 255)", "paint a copy"),
        (COPY + "card_original[:50, :50] = (0, 0, 255)", "paint a copy"),
        (COPY + "painted[:50, :50] = (255, 0, 0)", "square is blue"),
        (COPY + "painted[:50, :50] = 255", "square is white"),
        (COPY + "painted[:50, :50, 2] = 255", "Only the red channel"),
        (COPY + "painted[:51, :51] = (0, 0, 255)", "51 pixels"),
        (COPY + "cv2.rectangle(painted, (0, 0), (50, 50), (0, 0, 255), -1)", "51 pixels"),
        (COPY + "painted[:49, :49] = (0, 0, 255)", "49 pixels"),
        (COPY + "painted[1:50, 1:50] = (0, 0, 255)", "values are other ones"),
        (COPY + "painted[:50][:50] = (0, 0, 255)", "A stripe"),
        (COPY + "painted[50, 50] = (0, 0, 255)", "One pixel"),
        (COPY + "painted[:50, -50:] = (0, 0, 255)", "index (0, 0, 0)"),
        (COPY + "cv2.rectangle(painted, (0, 0), (49, 49), (0, 0, 255))", "values are other ones"),
        ("painted = card_original.copy()[:50, :50] = (0, 0, 255)", "colour alone"),
        (
            "painted = card_original[:50, :50].copy(); painted[:] = (0, 0, 255)",
            "square alone",
        ),
        ("painted = card_original.copy()", "Nothing is painted"),
        ("painted = card_modified.copy(); painted[:50, :50] = (0, 0, 255)", "modified card"),
        ("painted = card_rgb.copy(); painted[:50, :50] = (255, 0, 0)", "Red and blue are swapped"),
        (COPY + "painted = figures.show({'a': painted}, caption='Red.', alt='Red')", "It is None"),
    ],
    "01.3": [
        (
            "small = cv2.resize(card_original, (400, 260)); "
            "resized = cv2.resize(small, (800, 520), interpolation=cv2.INTER_CUBIC)",
            "original card",
        ),
        (HALF + "resized = cv2.resize(small, (height, width))", "width and height are swapped"),
        (HALF + "resized = cv2.resize(small, card_modified.shape[:2])", "width and height are"),
        (HALF + "resized = small", "small picture"),
        (HALF + "resized = cv2.resize(card_modified, (width, height))", "No detail is lost"),
        ("resized = card_modified", "No detail is lost"),
        (
            SIZE + "small = cv2.resize(card_modified, (height // 2, width // 2)); "
            "resized = cv2.resize(small, (width, height))",
            "swapped in the small picture",
        ),
        (
            SIZE + "small = cv2.resize(card_original, (width // 2, height // 2)); "
            "resized = cv2.resize(small, (width, height))",
            "original card",
        ),
        (
            "resized = cv2.resize(cv2.resize(card_modified, None, fx=0.25, fy=0.25), (800, 520))",
            "down to a quarter",
        ),
        (
            "resized = cv2.resize(cv2.resize(card_modified, (400, 520)), (800, 520))",
            "values are other ones",
        ),
        (
            HALF + "resized = cv2.resize(small, (width, height))[..., ::-1]",
            "Red and blue are swapped",
        ),
        (HALF + "resized = cv2.resize(small, (width, height)) / 255", "holds float64"),
        ("resized = False", "array of shape (520, 800, 3) is expected"),
    ],
}

SLIDERS = {
    "zoom": [
        (1, "800 x 520 pixels are shown"),
        (20, "40 x 26 pixels are shown"),
        (40, "20 x 13 pixels are shown"),
    ]
}
