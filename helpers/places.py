"""Where the files of the course are: the one way from the package to the folder round it."""

from pathlib import Path

from helpers.loading import PictureError

ROOT = Path(__file__).parents[1]


class CourseFileError(PictureError):
    """A file of the course that is not there; nobody's answer is to blame for it."""

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message alone: nothing in the notebook is wrong."""
        return [str(self)]


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
    CourseFileError
        It is not there: the package was installed without the course, or the file is lost.
    """
    path = ROOT / name
    if not path.exists():
        raise CourseFileError(
            f"There is no {name} in {ROOT}. Lessons run in the folder of the course: open it and "
            f"type `python start.py`. If it is missing there, `git restore {name}` brings it back."
        )
    return path
