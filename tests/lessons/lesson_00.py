"""What learners of lesson 00 type and what the check must say; positions of its slider."""

FILES = 'first, second = "../images/original_01.png", "../images/modified_01.png"; '
COPY = "blue_boxes = cheque_original.copy()\nfor x, y, w, h in comparison.boxes:\n    "

WRONG = {
    "00.1": [
        (FILES + "card = helpers.compare(first, second)", "method 'robust'"),
        ('card = helpers.compare(first, second, method="classic")', "two pictures of the payment"),
        (FILES + 'card = helpers.compare(second, first, method="classic")', "swapped"),
        (FILES + 'card = helpers.compare(first, first, method="classic")', "two pictures of the"),
        (
            FILES + 'card = helpers.compare(first, second, method="classic", min_pixels=5000)',
            "no setting",
        ),
        (FILES + 'card = helpers.compare(first, second, method="classic").boxes', "type list"),
        ("card = 2", "type int"),
        (
            'card = helpers.load_pair("../images/original_01.png", "../images/modified_01.png")',
            "type tuple",
        ),
        ("card = comparison", "two pictures of the payment card"),
    ],
    "00.2": [
        ("twin = comparison", "Two different pictures"),
        ("twin = helpers.compare(cheque_original, boxed_original)", "Two different pictures"),
        ("twin = helpers.compare(first, first)", "another picture, not the cheque"),
        ("twin = helpers.compare(gray_original, gray_original)", "as its file holds it"),
        ("twin = helpers.compare(boxed_original, boxed_original)", "as its file holds it"),
        ("twin = helpers.compare(cheque_original, cheque_original).score", "type float"),
        ("twin = 1, []", "type tuple"),
        ("twin = cheque_original == cheque_original", "array of shape"),
    ],
    "00.3": [
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes, "
            "color=(0, 0, 255), thickness=5)",
            "boxes are red",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes)",
            "Neither colour nor thickness",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes, thickness=5)",
            "boxes are red",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes, color=(255, 0, 0))",
            "thickness 2",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes, "
            "color=(255, 0, 0), thickness=4)",
            "too thin",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes, "
            "color=(255, 0, 0), thickness=7)",
            "too thick",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_modified, comparison.boxes, "
            "color=(255, 0, 0), thickness=5)",
            "modified cheque",
        ),
        (
            "blue_boxes = helpers.draw_boxes(boxed_modified, comparison.boxes, "
            "color=(255, 0, 0), thickness=5)",
            "modified cheque",
        ),
        (
            "blue_boxes = helpers.draw_boxes(gray_original, comparison.boxes, "
            "color=(255, 0, 0), thickness=5)",
            "on a gray picture",
        ),
        (
            "blue_boxes = helpers.draw_boxes(cheque_original, comparison.boxes[:1], "
            "color=(255, 0, 0), thickness=5)",
            "values are other ones",
        ),
        (
            "blue_boxes = cheque_original\nfor x, y, w, h in comparison.boxes:\n"
            "    cv2.rectangle(blue_boxes, (x, y), (x + w - 1, y + h - 1), (255, 0, 0), 5)",
            "draw on a copy",
        ),
        (COPY + "cv2.rectangle(blue_boxes, (x, y), (x + w, y + h), (255, 0, 0), 5)", "outside"),
        (
            COPY + "cv2.rectangle(blue_boxes, (x, y), (x + w - 1, y + h - 1), (255, 0, 0), -1)",
            "values are other ones",
        ),
        (
            COPY + "cv2.rectangle(blue_boxes, (x, y), (w, h), (255, 0, 0), 5)",
            "width and height are taken for the second corner",
        ),
        ("blue_boxes = cheque_original.copy()", "No box is drawn"),
        (
            'blue_boxes = figures.show({"boxes": cheque_original}, caption="Blue.", alt="Blue")',
            "It is None",
        ),
        (
            "blue_boxes = cv2.cvtColor(helpers.draw_boxes(cheque_original, comparison.boxes, "
            "color=(255, 0, 0), thickness=5), cv2.COLOR_BGR2RGB)",
            "Red and blue are swapped",
        ),
        ("blue_boxes = comparison.boxes", "should be (450, 1000, 3)"),
    ],
}

SLIDERS = {
    "fade": [
        (0, "100 % original, 0 % modified"),
        (50, "50 % original, 50 % modified"),
        (100, "0 % original, 100 % modified"),
    ]
}
