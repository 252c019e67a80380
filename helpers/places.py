"""Where the files of the course are: the one way from the package to the folder round it."""

from pathlib import Path

from helpers.loading import PictureError

ROOT = Path(__file__).parents[1]


def find_in_course(name: str) -> Path:
    """Find a file or folder of the course, such as "images".

    Parameters
    ----------
    name : str
        Its path from the folder of the course.

    Returns
    -------
    Path

    Raises
    ------
    PictureError
        It is not there: the package was installed without the course.
    """
    path = ROOT / name
    if not path.exists():
        raise PictureError(
            f"There is no {path}. The lessons and their pictures are in the folder of the course: "
            "open it and type `python start.py`."
        )
    return path
