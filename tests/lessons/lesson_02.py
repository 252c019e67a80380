"""What learners of lesson 02 type and what the check must say; positions of its slider."""

APART = "apart = cv2.absdiff(scene_original, scene_modified); "
WRONG_GRAY = (
    "scene_rgb = cv2.cvtColor(scene_original, cv2.COLOR_BGR2RGB); "
    "wrong_gray = cv2.cvtColor(scene_rgb, cv2.COLOR_BGR2GRAY); "
)
FLOATS = (
    "import matplotlib.pyplot as plt; scene = plt.imread('../images/original_09.png'); "
    "wrong_gray = cv2.cvtColor(scene, cv2.COLOR_BGR2GRAY); "
)

WRONG = {
    "02.1": [
        ("gray_value = round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)", "swapped"),
        ("gray_value = 0.299 * 200 + 0.587 * 100 + 0.114 * 50", "swapped"),
        ("gray_value = np.array([200, 100, 50]) @ weights", "Round it"),
        ("gray_value = 96.45", "Round it"),
        ("gray_value = 97", "too large"),
        ("gray_value = 95", "too small"),
        ("gray_value = round((200 + 100 + 50) / 3)", "plain mean"),
        ("gray_value = np.mean([200, 100, 50])", "plain mean"),
        ("gray_value = 200 + 100 + 50", "without the weights"),
        ("gray_value = 100", "one channel alone"),
        ("gray_value = 200", "too large"),
        ("gray_value = np.array([200, 100, 50]) * weights", "One number is expected"),
        (
            "gray_value = cv2.cvtColor(np.uint8([[[200, 100, 50]]]), cv2.COLOR_BGR2GRAY)",
            "Take it out",
        ),
        ('gray_value = "96"', "type str"),
        ("gray_value = print(96)", "It is None"),
    ],
    "02.2": [
        (APART + "counts = [(apart[..., c] > 20).sum() for c in (2, 1, 0)]", "turned round"),
        (APART + "counts = [(apart[..., c] >= 20).sum() for c in range(3)]", "exactly 20"),
        (APART + "counts = [(apart[..., c] > 0).sum() for c in range(3)]", "differs at all"),
        ("counts = (scene_original != scene_modified).sum(axis=(0, 1))", "differs at all"),
        (
            "counts = ((scene_original - scene_modified) > 20).sum(axis=(0, 1))",
            "so original - modified",
        ),
        (
            "counts = (np.abs(scene_modified - scene_original) > 20).sum(axis=(0, 1))",
            "so modified - original",
        ),
        (
            "counts = (scene_original.astype(int) - scene_modified > 20).sum(axis=(0, 1))",
            "became darker",
        ),
        (
            "counts = (cv2.subtract(scene_modified, scene_original) > 20).sum(axis=(0, 1))",
            "became brighter",
        ),
        (APART + "counts = (apart > 20).mean(axis=(0, 1))", "shares"),
        (APART + "counts = (apart > 20).sum()", "This is one number"),
        (APART + "counts = (apart > 20).any(axis=2).sum()", "This is one number"),
        ("counts = 0", "one number; a list of numbers is expected"),
        ('counts = "blue"', "type str; expected is a list of numbers"),
        (APART + "counts = (apart > 20).sum(axis=(0, 1)).max()", "This is one number"),
        (APART + "counts = apart.max(axis=(0, 1))", "values are other ones"),
        (APART + "counts = apart > 20", "a list of numbers is expected"),
    ],
    "02.3": [
        ("error = -0.04", "0 to 1 for a PNG"),
        (FLOATS + "error = wrong_gray.mean() - gray_scene.mean()", "0 to 1 for a PNG"),
        (FLOATS + "error = wrong_gray.mean()", "0 to 1 for a PNG"),
        (
            FLOATS + "error = wrong_gray.mean() - cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY).mean()",
            "0 to 1 for a PNG",
        ),
        (WRONG_GRAY + "error = gray_scene.mean() - wrong_gray.mean()", "sign"),
        (WRONG_GRAY + "error = abs(wrong_gray.mean() - gray_scene.mean())", "sign"),
        (
            WRONG_GRAY + "error = cv2.cvtColor(scene_rgb, cv2.COLOR_RGB2GRAY).mean() "
            "- gray_scene.mean()",
            "two means are equal",
        ),
        (WRONG_GRAY + "error = scene_rgb.mean() - scene_original.mean()", "two means are equal"),
        (WRONG_GRAY + "error = wrong_gray.mean()", "mean of one gray picture"),
        ("error = gray_scene.mean()", "right gray picture"),
        (WRONG_GRAY + "error = (wrong_gray - gray_scene).mean()", "0 - 1 is 255"),
        (WRONG_GRAY + "error = (gray_scene - wrong_gray).mean()", "1 - 2 is 255"),
        (WRONG_GRAY + "error = cv2.absdiff(wrong_gray, gray_scene).mean()", "sign"),
        (
            "error = cv2.cvtColor(cv2.cvtColor(scene_modified, cv2.COLOR_BGR2RGB), "
            "cv2.COLOR_BGR2GRAY).mean() - gray_scene.mean()",
            "modified scene",
        ),
        (WRONG_GRAY + "error = wrong_gray.mean() / gray_scene.mean()", "too large"),
        (WRONG_GRAY + "error = round(wrong_gray.mean() - gray_scene.mean())", "one decimal"),
        (WRONG_GRAY + "error = wrong_gray.astype(int) - gray_scene", "One number is expected"),
        (WRONG_GRAY + "error = f'{wrong_gray.mean() - gray_scene.mean():.1f}'", "type str"),
    ],
}

SLIDERS = {
    "green_weight": [
        (0.0, "weight 0.000: largest difference of the grays 31"),
        (0.587, "weight 0.587: largest difference of the grays 0"),
        (1.0, "weight 1.000: largest difference of the grays 22"),
    ]
}
