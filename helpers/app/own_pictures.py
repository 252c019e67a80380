"""Compare pictures of one's own in the browser: the page of lesson 07 and of the app."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from os import PathLike
from typing import Any, NamedTuple

import anywidget
import ipywidgets
import traitlets
from IPython.display import display

from helpers.app import report
from helpers.app.picker import FRONT_END, Picker, in_words
from helpers.comparison import Comparison
from helpers.fitting import Misfit, MisfitError, Offer, find_misfit, find_turn
from helpers.loading import PictureError, opacity_note, to_images
from helpers.methods import compare
from helpers.viewer import front_end
from helpers.viewer.explorer import Explorer
from helpers.viewer.views import tune, tuned_settings, tuning

UNLIKE = (
    "The two pictures have too little in common, so the boxes mean little. Take both from one "
    "place, and choose them again."
)


class File(NamedTuple):
    """A file that the browser is given to save."""

    name: str
    type: str
    data: bytes


Press = Callable[[], File | None]


class Actions(anywidget.AnyWidget):
    """An alert, notes, and buttons that do something or give a file. Nothing at first.

    Parameters
    ----------
    label : str
        Stands before the buttons.

    Attributes
    ----------
    alert : str
        What is wrong, in sentences.
    notes : list of str
        What else is to be known.
    buttons : list of str
    """

    _esm = front_end.read("common.js", FRONT_END / "own_pictures.js")
    _css = front_end.read("common.css", FRONT_END / "picker.css")
    label = traitlets.Unicode().tag(sync=True)
    alert = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)

    def __init__(self, label: str = "") -> None:
        super().__init__(label=label)
        self._presses: Mapping[str, Press] = {}
        self.on_msg(self._receive)

    def show(
        self, alert: str = "", notes: Sequence[str] = (), buttons: Mapping[str, Press] | None = None
    ) -> None:
        """Show these in place of what was shown."""
        self._presses = buttons or {}
        with self.hold_sync():
            self.alert, self.notes, self.buttons = alert, list(notes), list(self._presses)

    def _receive(self, _: Any, content: dict, buffers: list) -> None:
        try:
            press = self._presses.get(content["button"])
            file = press() if press else None  # a button of before
        except Exception as error:  # it has no other way to the reader
            self.alert = in_words(error)
            file = None
        name, kind, data = file or ("", "", b"")
        self.send({"name": name, "type": kind}, [data])


class OwnPictures(ipywidgets.VBox):
    """A place for two pictures, what was found in them, and files to download.

    Parameters
    ----------
    folder : path, optional
        Its pictures can be chosen as well.

    Attributes
    ----------
    picker : Picker
    messages : Actions
        Why the pictures do not fit and what would fix it, or what was done to them.
    tuner : Explorer or None
        None until there are two pictures that fit.
    downloads : Actions
    """

    def __init__(self, folder: str | PathLike | None = None) -> None:
        self.picker = Picker(self._follow, folder)
        self.messages, self.downloads = Actions(), Actions("Download:")
        self.tuner: Explorer | None = None
        # The tuner of earlier pictures, for the next ones: the browser keeps something of each
        # widget and of each view of it that was removed.
        self._kept: Explorer | None = None
        self._place = ipywidgets.VBox()
        super().__init__([self.picker, self.messages, self._place, self.downloads])

    def choose(self, first: str, second: str) -> None:
        """Choose two pictures of the folder by their names.

        Parameters
        ----------
        first, second : str
            File names without a path.

        Raises
        ------
        PictureError
            The folder has no such picture, or one that cannot be used.
        """
        self.picker.choose(first, second)

    @property
    def settings(self) -> dict[str, int]:
        """What the sliders say, as keyword arguments for `compare`."""
        return tuned_settings(self.tuner.values) if self.tuner else {}

    @property
    def comparison(self) -> Comparison:
        """What is found with the settings of the sliders.

        Raises
        ------
        PictureError
            There are no two pictures that fit.
        """
        if self.tuner is None:
            raise PictureError(self.messages.alert or "Choose two pictures first.")
        return self._found(**self.settings)

    def _found(self, **settings: int) -> Comparison:
        images, notes = self._pair
        return replace(compare(*images, **settings), notes=tuple(notes))

    def _follow(self) -> None:
        """Compare the pictures chosen, or say why that cannot be."""
        self._clear()
        if any(picture is None for picture in self.picker.pictures):
            return
        pictures = [picture.decoded for picture in self.picker.pictures]
        images, notes = to_images(*pictures)
        notes += opacity_note(pictures, images)
        self._pair = images, notes
        try:
            comparison = self._found()
        except MisfitError:
            self._tell(find_misfit(*images), notes)
            return
        turned = None if comparison.fit else find_turn(*images)
        if turned or comparison.verdict == "unlike":
            self._tell(turned or Misfit(UNLIKE), comparison.remarks)
        else:
            self.messages.show(notes=[*comparison.remarks, *comparison.told])
        if self._kept:
            self._kept.fill(tuning(*images))
        else:
            self._kept = tune(*images)
            self._kept.observe(self._remark, names=["frame"])
            self._place.children = [self._kept]
        self.tuner = self._kept
        self.tuner.layout.display = None
        self.downloads.show(
            buttons={
                "Boxes (JSON)": self._boxes,
                "Pictures (ZIP)": self._pictures,
                "Report (HTML)": self._report,
            }
        )

    def _remark(self, _: Any) -> None:
        """Show what changed and the remarks that go with the position of the sliders."""
        if self.tuner:
            current = self.tuner.current
            self.messages.notes = [*self._pair[1], *current.remarks, *current.tell()]

    def _clear(self) -> None:
        self._pair = None
        self.messages.show()
        self.downloads.show()
        if self.tuner:
            self.tuner.layout.display = "none"
            self.tuner.empty()
            self.tuner = None

    def _tell(self, misfit: Misfit, notes: Sequence[str]) -> None:
        buttons = {offer.text: partial(self._fix, offer) for offer in misfit.offers}
        self.messages.show(misfit.message, notes, buttons)

    def _fix(self, offer: Offer) -> None:
        self.picker.fix(offer.place, offer.fix)

    def _boxes(self) -> File:
        names = {
            place: picture.name
            for place, picture in zip(("first", "second"), self.picker.pictures, strict=True)
        }
        content = names | {"settings": self.settings} | self.comparison.to_dict()
        return File("boxes.json", "application/json", json.dumps(content, indent=1).encode())

    def _pictures(self) -> File:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as entries:
            for name, png in self.comparison.to_png().items():
                # Without a date, equal pictures make equal files.
                entries.writestr(zipfile.ZipInfo(name), png)
        return File("pictures.zip", "application/zip", archive.getvalue())

    def _report(self) -> File:
        first, second = self.picker.pictures
        page = report.report(
            self.comparison, names=(first.name, second.name), settings=self.settings
        )
        return File("report.html", "text/html", page.encode())

    def _ipython_display_(self) -> None:
        # The plain text is what a reader sees where no kernel runs.
        bundle = self._repr_mimebundle_()
        text = "Here you choose two pictures of your own. Run the cell to do so."
        display(dict(bundle) | {"text/plain": text}, raw=True)
        if self.tuner:
            self.tuner.show_strip()
