"""What runs in the browser: a JavaScript file and a style sheet for each widget.

anywidget takes one text of each, so what all of them need, common.js and common.css, is put first.
"""

from pathlib import Path

HERE = Path(__file__).parent


def read(*names: str) -> str:
    """The files of these names, one after the other."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
