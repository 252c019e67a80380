"""What learners of lesson 03 type and what the check must say; positions of its slider."""

MAP = "m = structural_similarity(reference, 255 - reference, full=True)[1]; "

WRONG = {
    "03.1": [
        ("flat = 2 * 10 * 20 / (10**2 + 20**2)", "without C1"),
        ("flat = round((2 * 10 * 20 + C1) / (10**2 + 20**2 + C1), 2)", "four decimals"),
        ("flat = round((2 * 10 * 20 + C1) / (10**2 + 20**2 + C1), 3)", "too few decimals"),
        ("flat = (2 * 10 * 20 + 2.55) / (10**2 + 20**2 + 2.55)", "squared"),
        ("flat = (2 * 10 * 20 + C2) / (10**2 + 20**2 + C2)", "constant of the contrast"),
        ("flat = (10 * 20 + C1) / (10**2 + 20**2 + C1)", "The 2"),
        ("flat = (10**2 + 20**2 + C1) / (2 * 10 * 20 + C1)", "swapped"),
        ("flat = C2 / C2 * C3 / C3", "The two means differ"),
        ("flat = 0.0", "which constants are left"),
        ("flat = luminance", "too large"),
        ("flat = (2 * 100 * 110 + C1) / (100**2 + 110**2 + C1)", "too large"),
    ],
    "03.2": [
        ("negative_difference = cv2.absdiff(reference, 255 - reference)", "subtracts the pictures"),
        # Straight from float to uint8 is not defined below 0; by way of int it wraps everywhere.
        (MAP + "negative_difference = (m * 255).astype(int).astype('uint8')", "Clip the map first"),
        (MAP + "negative_difference = (np.abs(m) * 255).astype('uint8')", "Clip the map first"),
        (
            MAP + "negative_difference = np.clip((m * 255).astype(int).astype('uint8'), 0, 255)",
            "Clip the map first",
        ),
        (MAP + "negative_difference = np.clip(m, 0, 1).astype('uint8')", "Multiply by 255"),
        (MAP + "negative_difference = np.clip(m, 0, 1) * 255", "expected is uint8"),
        (MAP + "negative_difference = m", "expected is uint8"),
        (MAP + "negative_difference = ((m + 1) / 2 * 255).astype('uint8')", "stretched"),
        (MAP + "negative_difference = (np.clip(m, 0, 1) * 256).astype('uint8')", "other ones"),
        (MAP + "negative_difference = 255 - helpers.difference_image(m)", "swapped"),
        (
            MAP + "negative_difference = (np.clip(m, 0, 1) * 255).astype(int)",
            "expected is uint8",
        ),
        (
            "negative_difference = structural_similarity(reference, 255 - reference)",
            "one number",
        ),
        (
            "negative_difference = helpers.ssim(reference, 255 - reference)",
            "keep the map",
        ),
        ("negative_difference = difference", "should be (300, 451)"),
        ("negative_difference = 255 - reference", "the negative itself"),
        (
            "c = copies['brighter']; m = helpers.ssim(c, 255 - c)[1]; "
            "negative_difference = helpers.difference_image(m)",
            "other ones",
        ),
        (
            "m = helpers.ssim(reference, 255 - copies['more contrast'])[1]; "
            "negative_difference = helpers.difference_image(m)",
            "other ones",
        ),
        (
            "c = cheque_modified; m = helpers.ssim(c, 255 - c)[1]; "
            "negative_difference = helpers.difference_image(m)",
            "should be (300, 451)",
        ),
        (
            "m = helpers.ssim(reference, 255 - reference, window=11)[1]; "
            "negative_difference = helpers.difference_image(m)",
            "other ones",
        ),
    ],
    "03.3": [
        ("noise_mse = 20", "0.9 or below"),
        ("noise_mse = 18", "a larger number"),
        ("noise_mse = 120", "0.9 or below"),
        ("noise_mse = 19.5", "no whole number"),
        ("noise_mse = np.sqrt(120)", "no whole number"),
        ("noise_mse = structural_similarity(reference, copies['noise'])", "no whole number"),
        ("noise_mse = copies['noise']", "One number is expected"),
        ("noise_mse = 0", "a larger number"),
    ],
}

SLIDERS = {
    "window_size": [
        (3, "window 3 x 3 pixels: SSIM 0.9709"),
        (7, "window 7 x 7 pixels: SSIM 0.9610"),
        (31, "window 31 x 31 pixels: SSIM 0.9247"),
    ]
}
