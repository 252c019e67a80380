"""What learners of lesson 11 type and what the check must say; positions of its slider."""

COUNT = """
def count(first, second, method="classic"):
    return len(helpers.compare(first, second, method=method).boxes)

move = helpers.find_alignment(pixel_first, pixel_second)
aligned = helpers.warp(pixel_second, move)
"""
KNOWN = """
from helpers.course.lessons.lesson_11 import sheet_error as error  # it keeps what it computed
"""
ECC = """
def error(level, kind=cv2.MOTION_EUCLIDEAN, start=None, again=photograph_again):
    sheet = cheque.copy()
    sheet[60:245, 70:530] = level
    start = np.eye(2, 3, dtype=np.float32) if start is None else start
    return corner_error(
        cv2.findTransformECC(cheque_first, again(sheet), start, kind, stop, None, 5)[1]
    )
"""
PATCHES = """
slant, slanted_again = helpers.to_gray(slant_first), helpers.to_gray(slant_second)
matrix = helpers.find_alignment(slant, slanted_again).matrix
laid = lay(slanted_again, matrix)
places, shifts = ask_patches(slant, laid)
targets = (places + shifts) @ matrix[:, :2].T + matrix[:, 2]

def score(picture, targets, flags=look_up):
    homography, _ = cv2.findHomography(places, targets, cv2.RANSAC, 1)
    straight = cv2.warpPerspective(picture, homography, slant.shape[::-1], flags=flags)
    return helpers.ssim(slant, straight)[0]
"""

WRONG = {
    "11.1": [
        (
            COUNT + "box_counts = [count(pixel_first, aligned), count(pixel_first, pixel_second)]",
            "order is the other one",
        ),
        (COUNT + "box_counts = [count(pixel_first, pixel_second)] * 2", "as it lay"),
        (
            COUNT + "move = helpers.find_alignment(pixel_second, pixel_first)\n"
            "box_counts = [count(pixel_first, s) for s in "
            "(pixel_second, helpers.warp(pixel_second, move))]",
            "wrong way",
        ),
        (
            COUNT + "box_counts = [count(pixel_first, pixel_second), "
            "count(helpers.warp(pixel_first, move), pixel_second)]",
            "wrong way",
        ),
        (
            COUNT + "box_counts = [count(pixel_first, pixel_second), "
            "count(helpers.warp(pixel_first, move), aligned)]",
            "as it lay",
        ),
        (
            COUNT + 'box_counts = [count(pixel_first, s, "robust") for s in '
            "(pixel_second, aligned)]",
            "aligns by itself",
        ),
        (COUNT + "box_counts = count(pixel_first, aligned)", "Give both numbers"),
        (COUNT + "box_counts = count(pixel_first, pixel_second)", "Give both numbers"),
        (
            COUNT + "before, after = pixel_second, aligned\nbox_counts = [helpers.compare("
            'pixel_first, s, method="classic").boxes for s in (before, after)]',
            "expected",
        ),
        (COUNT + "box_counts = {'before': 575, 'after': 12}", "type dict"),
    ],
    "11.2": [
        (KNOWN + "sheet_errors = {245: error(0), 0: error(245)}", "swapped"),
        (KNOWN + "sheet_errors = {245: error(245), 0: error(245)}", "error of the white sheet"),
        (KNOWN + "sheet_errors = {245: error(0), 0: error(0)}", "error of the black sheet"),
        (
            "sheet_errors = {}\n"
            "for level in (245, 0):\n"
            "    sheet = cheque\n"
            "    sheet[60:245, 70:530] = level\n"
            "    second = photograph_again(sheet)\n"
            "    start = np.eye(2, 3, dtype=np.float32)\n"
            "    _, found = cv2.findTransformECC(sheet[40:-40, 40:-40], second, start,"
            " cv2.MOTION_EUCLIDEAN, stop, None, 5)\n"
            "    sheet_errors[level] = corner_error(found)",
            "`cheque` itself is covered",
        ),
        (
            KNOWN + "sheet_errors = {n: error(n, cv2.MOTION_AFFINE) for n in (245, 0)}",
            "MOTION_EUCLIDEAN",
        ),
        (
            ECC + "start = np.eye(2, 3, dtype=np.float32)\n"
            "sheet_errors = {n: error(n, start=start) for n in (245, 0)}",
            "new np.eye",
        ),
        (
            ECC + "sheet_errors = {n: error(n, again=lambda s: s[40:-40, 40:-40])"
            " for n in (245, 0)}",
            "no move at all",
        ),
        (KNOWN + "sheet_errors = {255: error(245), 0: error(0)}", "245 is missing"),
        (KNOWN + "sheet_errors = [error(245), error(0)]", "expected is a value of type dict"),
        (KNOWN + "sheet_errors = {245: error(245), 128: 1, 0: error(0)}", "too many"),
        (KNOWN + "sheet_errors = {n: round(error(n)) for n in (245, 0)}", "too small"),
        ("sheet_errors = 0", "expected is a value of type dict"),
    ],
    "11.3": [
        (
            PATCHES + "homography_score = score(slanted_again, targets, cv2.INTER_LINEAR)",
            "WARP_INVERSE_MAP",
        ),
        (
            PATCHES + "homography_score = score(slanted_again, places + shifts)",
            "Bring their targets back",
        ),
        (PATCHES + "homography_score = score(laid, places + shifts)", "softer"),
        (PATCHES + "homography_score = score(laid, targets)", "not the laid one"),
        (PATCHES + "homography_score, _ = helpers.ssim(slant, slanted_again)", "before any"),
        (PATCHES + "homography_score, _ = helpers.ssim(slant, laid)", "four numbers"),
        (
            PATCHES + "homography_score = score(slanted_again, targets, cv2.WARP_INVERSE_MAP)",
            "nearest",
        ),
        (PATCHES + "homography_score = helpers.ssim(slant, laid)", "keep the score"),
        (
            PATCHES + "homography_score = score(slanted_again, targets,"
            " cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)",
            "too large",
        ),
        (
            PATCHES + "affine, _ = cv2.estimateAffine2D(places, targets)\n"
            "homography_score, _ = helpers.ssim(slant, lay(slanted_again, affine))",
            "too small",
        ),
        (PATCHES + "homography_score = 100 * score(slanted_again, targets)", "too large"),
    ],
}

SLIDERS = {
    "angle": [
        (-3.0, "turned by -3.0 degrees: SSIM 0.128"),
        (-1.0, "turned by -1.0 degrees: SSIM 0.969"),
        (3.0, "turned by 3.0 degrees: SSIM 0.0"),
    ]
}
