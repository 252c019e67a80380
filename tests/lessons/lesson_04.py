"""What learners of lesson 04 type and what the check must say; positions of its slider."""

INV = "cv2.THRESH_BINARY_INV"

WRONG = {
    "04.1": [
        (f"_, fixed_mask = cv2.threshold(difference, 128, 255, {INV} | cv2.THRESH_OTSU)", "Otsu's"),
        ("fixed_mask = mask", "Otsu's"),
        ("fixed_mask = plain", "the other way round"),
        (
            "_, fixed_mask = cv2.threshold(difference, 128, 255, cv2.THRESH_BINARY)",
            "What is the same came out white",
        ),
        (f"fixed_mask = cv2.threshold(difference, 128, 255, {INV})", "keep the mask"),
        (f"_, fixed_mask = cv2.threshold(difference, 127, 255, {INV})", "exactly 128"),
        ("fixed_mask = 255 * (difference < 128).astype('uint8')", "exactly 128"),
        ("fixed_mask = difference <= 128", "holds bool"),
        ("fixed_mask = (difference <= 128).astype('uint8')", "White is 1"),
        (f"_, fixed_mask = cv2.threshold(difference, 128, 1, {INV})", "White is 1"),
        ("fixed_mask = np.sum(difference <= 128)", "Give the mask"),
        (
            "_, fixed_mask = cv2.threshold(difference, 128, 255, cv2.THRESH_TRUNC)",
            "other ones",
        ),
        (f"_, fixed_mask = cv2.threshold(photo_difference, 128, 255, {INV})", "shape"),
    ],
    "04.2": [
        ("small_variance = (0 - 10) ** 2", "both shares"),
        ("small_variance = 0.6 * (0 - 10) ** 2", "Only the share of the dark"),
        ("small_variance = 0.4 * (0 - 10) ** 2", "Only the share of the bright"),
        ("small_variance = 0.5 * 0.5 * (0 - 10) ** 2", "three pixels are dark"),
        ("small_variance = 0.6 * 0.4 * 10", "not squared"),
        ("small_variance = 3 * 2 * (0 - 10) ** 2", "counts"),
        ("small_variance = np.std([0, 0, 0, 10, 10])", "standard deviation"),
        ("small_variance = np.var([0, 0, 0, 10, 10], ddof=1)", "one pixel less"),
        ("small_variance = (0.6 * 0.4 * (0 - 10)) ** 2", "squares the shares"),
        ("small_variance = 0.6 * 0.4 * (0 - 10)", "too small"),
        ("small_variance = np.mean([0, 0, 0, 10, 10]) ** 2", "too small"),
        ("small_variance = variances[5]", "too large"),
    ],
    "04.3": [
        ("fixed_threshold = photo_difference.min()", "just this level"),
        ("fixed_threshold = photo_difference.min() + 1", "1 of them. Go lower"),
        ("fixed_threshold = photo_difference.min() + 0.5", "of them. Go lower"),
        ("fixed_threshold = threshold", "of them. Go lower"),
        ("fixed_threshold = photo_threshold", "of them. Go lower"),
        ("fixed_threshold = photo_difference.max()", "what is at or below"),
        ("fixed_threshold = 300", "what is at or below"),
        ("fixed_threshold = 100", "of the cheque"),
        ("fixed_threshold = difference.min() - 1.0", "only 0 pixels of the cheque"),
        ("fixed_threshold = difference.min()", "of the cheque"),
        (f"fixed_threshold = cv2.threshold(difference, 130, 255, {INV})", "keep the first"),
        (f"fixed_threshold = cv2.threshold(difference, 130, 255, {INV})[1]", "One number"),
        ("fixed_threshold = 8001", "what is at or below"),
        ("fixed_threshold = '130'", "str"),
    ],
}

SLIDERS = {
    "threshold": [
        (0, "threshold 0: 0.36% of pixels, 70 patches. Otsu: 146"),
        (146, "threshold 146: 1.94% of pixels, 12 patches. Otsu: 146"),
        (254, "threshold 254: 2.64% of pixels, 5 patches. Otsu: 146"),
    ]
}
