"""What learners of lesson 06 type and what the check must say; positions of its slider."""

WRONG = {
    "06.1": [
        (
            "b = max(helpers.bounding_boxes(helpers.find_contours(mask)), key=lambda b: b.area); "
            "corners = b.x, b.y, b.x + b.width, b.y + b.height",
            "largest box",
        ),
        ("corners = boxes[0]", "still width and height"),
        ("x, y, w, h = boxes[0]; corners = x, y, x + w - 1, y + h - 1", "just outside"),
        ("x, y, w, h = boxes[0]; corners = x, y, x + h, y + w", "swapped"),
        ("x, y, w, h = boxes[0]; corners = y, x, y + h, x + w", "left comes first"),
        ("x, y, w, h = cheque.boxes[0]; corners = x, y, x + w, y + h", "first true box"),
        ("x, y, w, h = boxes[1]; corners = x, y, x + w, y + h", "values are other ones"),
        ("x, y, w, h = boxes[0]; corners = (x, y), (x + w, y + h)", "shape"),
    ],
    "06.2": [
        ("iou = 50 / 200", "twice"),
        ("iou = 0.5", "either box covers"),
        ("iou = 50", "Divide it"),
        ("iou = 3.0", "turn it over"),
        ("iou = round(50 / 150, 2)", "too few decimals"),
        ("iou = 0.9", "too large"),
    ],
    "06.3": [
        ("needed_area = max(box.area for box in evaluation.results[9].found)", "One more"),
        ("needed_area = len(evaluation.results[9].found)", "how many boxes"),
        ("needed_area = min(box.area for box in evaluation.results[9].found)", "smallest"),
        ("needed_area = 10**9", "too large"),
    ],
}

SLIDERS = {
    "required_overlap": [
        (0.05, "from 0.05 up: 4 of 4 differences found"),
        (0.5, "from 0.50 up: 3 of 4 differences found"),
        (1.0, "from 1.00 up: 0 of 4 differences found"),
    ]
}
