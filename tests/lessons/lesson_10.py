"""What learners of lesson 10 type and what the check must say; positions of its slider."""

STAIN = """
def box_count(levels, picture=None, other=photo, method="robust", qualities=(80, 85)):
    picture = photo.copy() if picture is None else picture
    darker = cv2.subtract(photo, np.full_like(photo, levels))
    faint = cv2.copyTo(darker, spot, picture)
    for quality in qualities:
        faint = as_jpeg(faint, quality)
    return len(helpers.compare(other, faint, method=method).boxes)
"""

WRONG = {
    "10.1": [
        ("wider = three", "too narrow"),
        ('wider = np.ones((1, 4), "uint8")', "even width"),
        ('wider = np.ones((1, 6), "uint8")', "even width"),
        ('wider = np.ones((1, 7), "uint8")', "Find the narrowest"),
        ('wider = np.ones((5, 1), "uint8")', "rows first"),
        ('wider = np.ones((5, 5), "uint8")', "5 pixels high"),
        ('wider = np.zeros((1, 5), "uint8")', "ones only"),
        ('wider = np.full((1, 5), 255, "uint8")', "ones only"),
        ("wider = 5", "how wide"),
        ("wider = [[1, 1, 1, 1, 1]]", "type is not"),
        ("wider = outside(row_first, row_further, three)", "ones only"),
        ("wider = 190", "array of shape (1, 5) is expected"),
    ],
    "10.2": [
        (
            "for smallest_sigma in np.arange(0.5, 3, 0.1):\n"
            "    if cv2.GaussianBlur(errors, (0, 0), smallest_sigma + 0.1).std() < 3:\n"
            "        break",
            "One step further",
        ),
        ("smallest_sigma = 1.1", "one step earlier"),
        (
            "smallest_sigma = next(s for s in np.arange(0.5, 3, 0.1)\n"
            "    if cv2.GaussianBlur(errors, (0, 0), s).var() < 3)",
            "variance",
        ),
        (
            "for smallest_sigma in np.arange(0.5, 3, 0.1):\n"
            "    errors = cv2.GaussianBlur(errors, (0, 0), smallest_sigma)\n"
            "    if errors.std() < 3:\n"
            "        break",
            "blurred already",
        ),
        (
            "for smallest_sigma in np.arange(0.5, 3, 0.1):\n"
            "    if cv2.GaussianBlur(errors, (3, 3), smallest_sigma).std() < 3:\n"
            "        break",
            "size of the neighbourhood",
        ),
        ("smallest_sigma = cv2.GaussianBlur(errors, (0, 0), 1).std()", "Give the sigma."),
        ("smallest_sigma = 5", "how many steps"),
        ("smallest_sigma = np.arange(0.5, 1.05, 0.1)", "here are 6"),
        ("smallest_sigma = cv2.GaussianBlur(errors, (0, 0), 1)", "One number"),
    ],
    "10.3": [
        (
            STAIN + "faintest = max(n for n in range(1, 41) if not box_count(n))",
            "this stain is not found",
        ),
        (STAIN + "faintest = sum(box_count(n) == 0 for n in range(1, 41)) + 2", "a level fainter"),
        (
            STAIN + "for faintest in range(1, 41):\n"
            "    if box_count(faintest, photo):\n"
            "        break",
            "`photo` itself has a stain",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, qualities=()))",
            "not stored as JPEG",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, qualities=(95, 95)))",
            "takes 95",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, qualities=[80]))",
            "Store it twice",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, qualities=(85, 80)))",
            "at 80 and then at 85",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, method='classic'))",
            "any noise",
        ),
        (
            STAIN + "faintest = next(n for n in range(1, 41) if box_count(n, other=photo_stored))",
            "compare `photo`",
        ),
        ("faintest = robust.CLEAR * allowed.gray", "by itself"),
        ("faintest = round(robust.CLEAR * allowed.gray)", "by itself"),
        ("faintest = 80", "quality of a JPEG"),
        ("faintest = 40", "too large"),
        ("faintest = 19.4", "too large"),
        (STAIN + "faintest = [n for n in range(1, 41) if box_count(n)]", "One number"),
    ],
}

SLIDERS = {
    "ignore_below": [
        (0, "ignore below 0: 99"),
        (40, "belong to changes, 1 box"),
        (60, "belong to changes, 0 boxes"),
    ]
}
