"""What learners of lesson 07 type and what the check must say; positions of its slider."""

BOXES = """
boxes = record["boxes"]
pixels = record["width"] * record["height"]
total = sum(width * height for x, y, width, height in boxes)
"""
UPRIGHT = """
upright = cv2.rotate(phone, cv2.ROTATE_90_COUNTERCLOCKWISE)
"""
AREA = "interpolation=cv2.INTER_AREA)"

WRONG = {
    "07.1": [
        ("covered = 0.02", "too few decimals"),
        (BOXES + "covered = 100 * total / pixels", "in percent"),
        (BOXES + "covered = total", "Divide it"),
        ('covered = record["percent_differing"] / 100', "between them"),
        ('covered = record["percent_differing"]', "percent of pixels that differ"),
        (
            BOXES + "covered = sum((x2 - x) * (y2 - y) for x, y, x2, y2 in boxes) / pixels",
            "lengths already",
        ),
        (BOXES + "covered = sum(b[0] * b[1] for b in boxes) / pixels", "where a box lies"),
        (BOXES + "covered = max(w * h for x, y, w, h in boxes) / pixels", "Add all"),
        (BOXES + "covered = total / len(boxes) / pixels", "mean"),
        (BOXES + "covered = 1 - total / pixels", "no box covers"),
        (BOXES + "covered = round(total / pixels, 3)", "too"),
        (BOXES + "covered = [w * h / pixels for x, y, w, h in boxes]", "One number"),
    ],
    "07.2": [
        ("mended = phone", "as it was given"),
        (UPRIGHT + "mended = upright", "Reduce it as well"),
        ("mended = cv2.resize(phone, (600, 900), " + AREA, "lies on its side still"),
        ("mended = cv2.resize(phone, (900, 600), " + AREA, "squeezed"),
        (
            "mended = cv2.resize(cv2.rotate(phone, cv2.ROTATE_90_CLOCKWISE), (900, 600), " + AREA,
            "upside down",
        ),
        ("mended = cv2.rotate(phone, cv2.ROTATE_90_CLOCKWISE)", "upside down and is too large"),
        (UPRIGHT + "mended = cv2.resize(upright, (600, 900), " + AREA, "width and height"),
        (UPRIGHT + "mended = cv2.resize(upright, login_original.shape[:2], " + AREA, "swapped"),
        ("mended = cv2.resize(cv2.transpose(phone), (900, 600), " + AREA, "mirrored"),
        (
            "mended = cv2.resize(cv2.flip(cv2.transpose(phone), -1), (900, 600), " + AREA,
            "mirrored",
        ),
        (UPRIGHT + "mended = cv2.resize(upright, (900, 600))", "not with cv2.INTER_AREA"),
        (
            UPRIGHT + "mended = cv2.resize(upright, (900, 600), interpolation=cv2.INTER_NEAREST)",
            "not with cv2.INTER_AREA",
        ),
        ("mended = login_original", "has to show the changed page"),
        ("mended = login_modified", "you do not have"),
        ("mended = login_reduced", "shape"),
        (UPRIGHT + "mended = cv2.resize(upright[..., ::-1], (900, 600), " + AREA, "Red and blue"),
        (UPRIGHT + "mended = helpers.to_gray(cv2.resize(upright, (900, 600)))", "shape"),
        (UPRIGHT + "mended = cv2.resize(upright, (900, 600), " + AREA + ".astype(float)", "holds"),
        ("mended = cv2.imshow", "function"),
    ],
    "07.3": [
        ("lowest = 8", "still has its box"),
        ("lowest = 25", "still has its box"),
        ("lowest = 55", "so does a lower one"),
        ("lowest = 100", "so does a lower one"),
        ("lowest = 200", "pebble is lost"),
        ("lowest = 0", "nothing is aligned"),
        ("lowest = 20", "how much the shadow darkens"),
        ("lowest = 29.5", "too small"),
        (
            "lowest = len(helpers.compare(gravel_first, gravel_shaded, ignore_below=55).boxes)",
            "how many boxes",
        ),
        ("lowest = max(box.area for box in shaded.boxes) + 1", "too large"),
    ],
}

SLIDERS = {
    "tune": [
        ((1, 19, 4), "ignore below 1: SSIM: 0.9828, changed: 7 boxes, 0.76% of pixels differ"),
        ((3, 19, 4), "ignore below 3: SSIM: 0.9828, changed: 7 boxes, 0.74% of pixels differ"),
        ((60, 0, 4), "ignore below 60: SSIM: 0.9828, changed: 43 boxes, 0.45% of pixels differ"),
        ((3, 100, 4), "ignore below 3: SSIM: 0.9828, changed: 4 boxes"),
        ((3, 19, 1000), "ignore below 3: SSIM: 0.9828, changed: 2 boxes,"),
    ]
}
