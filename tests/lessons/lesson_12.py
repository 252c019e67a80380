"""What learners of lesson 12 type and what the check must say; positions of its slider."""

PARTS = """
left_boxes = helpers.compare(cat_original[:, :215], cat_half[:, :215]).boxes
right_boxes = helpers.compare(cat_original[:, 235:], cat_half[:, 235:]).boxes
"""
DELTA_E = """
def count(lab):
    delta_e = np.linalg.norm(lab(cat_original) - lab(cat_modified), axis=2)
    return np.sum((largest > 0) & (delta_e < noticed))
"""

WRONG = {
    "12.1": [
        ("new_red = 100 - 0.114 * 50 / 0.299", "whole numbers"),
        ("new_red = round(100 - 0.299 * 50 / 0.114)", "Red and blue are swapped"),
        ("new_red = round(100 + 0.114 * 50 / 0.299)", "red has to fall"),
        ("new_red = 50", "red weighs more"),
        ("new_red = round(100 - 0.114 * 50)", "gray rose"),
        ("new_red = round(0.114 * 50 / 0.299)", "Give the red that is left"),
        ("new_red = 100", "cannot stay"),
        ("new_red = 79", "too small"),
        ("new_red = 83", "too large"),
        ("new_red = np.uint8([[[150, 100, 81]]])", "here are 3"),
        ("new_red = 80.2", "too small"),
        ("new_red = '81'", "type str"),
    ],
    "12.2": [
        ("unseen = np.sum(delta_e < noticed)", "did not change at all"),
        ("unseen = np.sum(largest > 0)", "Leave out"),
        ("unseen = np.sum(delta_e > noticed)", "does notice"),
        ("unseen = (largest > 0) & (delta_e < noticed)", "Count them"),
        ("unseen = np.sum((largest > 0) & (largest < noticed))", "measured in delta E"),
        ("unseen = np.sum((largest > 0) & (largest <= 8))", "8 levels"),
        ("unseen = np.mean((largest > 0) & (delta_e < noticed))", "whole picture"),
        ("unseen = np.mean(delta_e[largest > 0] < noticed)", "a share"),
        ("unseen = np.sum((largest > 0) | (delta_e < noticed))", "Both must hold"),
        (DELTA_E + "unseen = count(lambda i: to_lab(i[..., ::-1].copy()))", "swapped"),
        (
            DELTA_E + "unseen = count(lambda i:"
            " cv2.cvtColor(i.astype('float32') / 255, cv2.COLOR_RGB2LAB))",
            "swapped",
        ),
        (
            DELTA_E + "unseen = count(lambda i: cv2.cvtColor(i, cv2.COLOR_BGR2LAB).astype(float))",
            "rounds Lab",
        ),
        ("unseen = 474", "too small"),
        ("unseen = delta_e[(largest > 0) & (delta_e < noticed)]", "One number"),
    ],
    "12.3": [
        (PARTS + "both_eyes = left_boxes + right_boxes", "where its part begins"),
        (
            PARTS + "both_eyes = left_boxes + [(x + 215, y, w, h) for x, y, w, h in right_boxes]",
            "moved too little",
        ),
        (
            PARTS + "both_eyes = left_boxes + [(x, y + 235, w, h) for x, y, w, h in right_boxes]",
            "Columns are x",
        ),
        (
            PARTS + "both_eyes = left_boxes + "
            "[(x + 235, y, w + 235, h) for x, y, w, h in right_boxes]",
            "size does not",
        ),
        (
            PARTS + "both_eyes = np.vstack([left_boxes, np.array(right_boxes) + 235])",
            "other three numbers",
        ),
        (
            PARTS + "both_eyes = left_boxes + [(x + 234, y, w, h) for x, y, w, h in right_boxes]",
            "1 of 8 values",
        ),
        (
            PARTS + "both_eyes = left_boxes + [(x + 235, y, h, w) for x, y, w, h in right_boxes]",
            "2 of 8 values",
        ),
        (
            PARTS + "both_eyes = left_boxes + "
            "[(x + 235, y, x + w + 235, y + h) for x, y, w, h in right_boxes]",
            "2 of 8 values",
        ),
        (
            PARTS + "both_eyes = [left_boxes, [(x + 235, y, w, h) for x, y, w, h in right_boxes]]",
            "Join the two",
        ),
        ("both_eyes = half.boxes", "whole picture"),
        ("both_eyes = boxes", "lesson's boxes of `cat_modified`"),
        (PARTS + "both_eyes = left_boxes", "There are 1 and should be 2"),
        (PARTS + "both_eyes = left_boxes[0]", "should be (2, 4)"),
        (
            PARTS + "right = helpers.compare(cat_original[:, 215:], cat_half[:, 215:]).boxes\n"
            "both_eyes = left_boxes + [(x + 215, y, w, h) for x, y, w, h in right]",
            "There are 3 and should be 2",
        ),
        (
            "both_eyes = helpers.compare(cat_original[:215], cat_half[:215]).boxes",
            "There are 1 and should be 2",
        ),
        ("both_eyes = len(half.boxes)", "one number"),
    ],
}

SLIDERS = {
    "hue": [
        (0, "0 degrees: gray differs by up to 0, the largest channel by more than 8 in 0%"),
        (10, "up to 1, the largest channel by more than 8 in 20%, delta E is above 2.3 in 99%"),
        (180, "more than 8 in 100%, delta E is above 2.3 in 100%"),
    ]
}
