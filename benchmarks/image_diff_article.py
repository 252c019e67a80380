"""The recipe as a script, the way it is usually taught: the yardstick for `benchmarks/cli.py`.

Nothing in it is made faster, smaller or safer on purpose. In place of windows it writes files.
"""

import argparse
from pathlib import Path

import cv2
import imutils
from skimage.metrics import structural_similarity

parser = argparse.ArgumentParser()
parser.add_argument("--first", required=True)
parser.add_argument("--second", required=True)
parser.add_argument("--out", type=Path, help="folder for the four pictures; without it, none")
options = parser.parse_args()

original = cv2.imread(options.first)
modified = cv2.imread(options.second)
gray_original = cv2.cvtColor(original, cv2.COLOR_BGR2GRAY)
gray_modified = cv2.cvtColor(modified, cv2.COLOR_BGR2GRAY)

score, difference = structural_similarity(gray_original, gray_modified, full=True)
difference = (difference * 255).astype("uint8")
print(f"SSIM: {score}")

_, mask = cv2.threshold(difference, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
found = cv2.findContours(mask.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
for contour in imutils.grab_contours(found):
    x, y, width, height = cv2.boundingRect(contour)
    cv2.rectangle(original, (x, y), (x + width, y + height), (0, 0, 255), 2)
    cv2.rectangle(modified, (x, y), (x + width, y + height), (0, 0, 255), 2)

if options.out:
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(options.out / "original.png"), original)
    cv2.imwrite(str(options.out / "modified.png"), modified)
    cv2.imwrite(str(options.out / "difference.png"), difference)
    cv2.imwrite(str(options.out / "threshold.png"), mask)
