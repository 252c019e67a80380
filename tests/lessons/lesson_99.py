"""What the slider of lesson 99 shows, and what learners type and the check must say about it."""

SLIDERS = {
    "smallest_difference": [
        (0, "more than 0 gray levels: 3531 pixels, 3.0%"),
        (20, "more than 20 gray levels: 2409 pixels, 2.1%"),
        (200, "more than 200 gray levels: "),
    ],
}
WRONG = {
    "99.1": [
        ("differing = apart > 50", "Count what is True"),
        ("differing = np.count_nonzero(apart >= 50)", "exactly 50"),
        ("differing = cv2.countNonZero(apart)", "at all"),
        ("differing = np.sum(apart <= 50)", "or fewer"),
        ("differing = np.mean(apart > 50)", "share"),
        ("differing = apart[apart > 50].sum()", "sum"),
        ("differing = np.sum(gray_original - gray_modified > 50)", "no sign"),
        ("differing = np.sum(apart > 20)", "too large"),
        ("differing = np.sum(coffee_apart > 50)", "too small"),
    ],
    "99.2": [
        ("quiet_level = coffee_apart.max() + 1", "one level less"),
        ("quiet_level = coffee_apart.max() - 1", "still differs"),
        ("quiet_level = cv2.absdiff(coffee_original, coffee_copy).max()", "in colour"),
        ("quiet_level = apart.max()", "Take coffee_apart"),
        ("quiet_level = coffee_apart.mean()", "in the mean"),
        ("quiet_level = 20", "too small"),
        ("quiet_level = 255", "too large"),
        ("quiet_level = coffee_apart", "One number is expected"),
    ],
}
