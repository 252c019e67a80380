"""What runs in the browser: a JavaScript file and a style sheet for each widget.

anywidget takes one text of each, so what all of them need, common.js and common.css, is put first.
"""

from pathlib import Path

HERE = Path(__file__).parent


def read(*names: str | Path) -> str:
    """Read files, one after the other; a name without a folder is one of this folder."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
