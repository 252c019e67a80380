"""The process that draws the pages of one PDF for `pdf`, which starts it. It stands alone.

PDFium is a large library, and a PDF may make it crash, take all memory or never end. Here that
ends this process and nothing else. It reads the file, then a line of JSON for each page, and
answers each with a line of JSON, which the pixels follow.
"""

import json
import math
import sys
from typing import Any, BinaryIO

FARTHEST = 1e7  # points: a page cannot be larger, whatever it says
POINTS = 72  # in an inch


def main(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there is no more question."""
    opening = json.loads(asked.readline())
    data = asked.read(opening["bytes"])
    try:
        _bound_memory(opening["memory"])
        import pypdfium2.raw

        document = pypdfium2.PdfDocument(data)
        document.init_forms()  # what is filled in is drawn, too
        _answer(answers, {"pages": len(document)})
    except Exception as error:
        kind = "import" if isinstance(error, ImportError) else ""
        code = getattr(error, "err_code", None)
        _answer(answers, {"error": f"{type(error).__name__}: {error}", "kind": kind, "code": code})
        return
    while line := asked.readline():
        try:
            answer, pixels = _draw(document, **json.loads(line))
        except Exception as error:
            answer, pixels = {"error": f"{type(error).__name__}: {error}"}, b""
        _answer(answers, answer, pixels)


def _draw(
    document: Any, page: int, dpi: float | None, longest: int, most: float
) -> tuple[dict[str, Any], bytes]:
    """Draw a page at so many dots an inch, or as a sketch; of more than `most` pixels only say so.

    `longest` is the longer side of a sketch in pixels.
    """
    from pypdfium2 import raw

    opened = document[page]
    try:
        points = opened.get_size()
        if not all(0 < side <= FARTHEST for side in points):
            raise ValueError(f"the page says that it has {points[0]:g} x {points[1]:g} points")
        scale = longest / max(points) if dpi is None else dpi / POINTS
        width, height = (math.ceil(side * scale) for side in points)
        if width * height > most:
            return {"size": [width, height]}, b""
        drawn = opened.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGR)
        answer = {"size": [drawn.width, drawn.height], "stride": drawn.stride}
        return answer, bytes(drawn.buffer)
    finally:
        opened.close()


def _bound_memory(most: int) -> None:
    """Let this process take no more memory, where the system can hold it to that."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, ValueError, OSError, OverflowError):  # Windows; a lower limit already
        pass


def _answer(answers: BinaryIO, answer: dict[str, Any], pixels: bytes = b"") -> None:
    answers.write(json.dumps(answer | {"bytes": len(pixels)}).encode() + b"\n" + pixels)
    answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
