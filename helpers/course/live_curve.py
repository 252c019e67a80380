"""A curve that grows while a network is trained, and a bar that says how far training is."""

from typing import Any

from IPython.display import DisplayHandle, display
from matplotlib.ticker import MaxNLocator

from helpers.deep.keras_extra import require_keras
from helpers.viewer import figures

keras = require_keras()
AUCS = {"easy": figures.BLUE, "hard": figures.RED}  # as `KeepBest` reports them


class LiveCurve(keras.callbacks.Callback):
    """The curves of loss and AUCs in one figure, and above it a bar that moves at each step.

    Both are displayed once and then updated, so what a notebook stores is their last state.

    Parameters
    ----------
    title : str
        What is trained: the title of the figure and the beginning of its alt text.

    Attributes
    ----------
    reports : list of dict
        What Keras reported after each epoch: "loss", and "easy" and "hard" where `training.fit`
        measures the tower.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.reports: list[dict[str, float]] = []
        self._bar: DisplayHandle
        self._figure: DisplayHandle

    def on_train_begin(self, logs: Any = None) -> None:
        """Display an empty bar and an empty figure."""
        self.reports, self._epoch = [], 0
        self._bar = display(self._progress(0), raw=True, display_id=True)
        data, metadata = self._drawing()
        self._figure = display(data, raw=True, metadata=metadata, display_id=True)
        caption = "After each epoch: the loss, and both AUCs on validation brands."
        display({"text/markdown": f"*{caption}*", "text/plain": caption}, raw=True)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Remember which epoch it is."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Move the bar."""
        self._bar.update(self._progress(batch + 1), raw=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Draw the curve again, with one point more."""
        self.reports.append({name: float(value) for name, value in logs.items()})
        data, metadata = self._drawing()
        self._figure.update(data, raw=True, metadata=metadata)

    def _progress(self, step: int) -> dict[str, str]:
        epochs, steps = self.params["epochs"], self.params["steps"]
        done, total = self._epoch * steps + step, epochs * steps
        words = f"epoch {self._epoch + 1} of {epochs}, step {done} of {total}"
        bar = f'<progress value="{done}" max="{total}" aria-label="{self._title}"></progress>'
        return {"text/html": f"{bar} {words}", "text/plain": words}

    def _drawing(self) -> tuple[dict[str, str], dict[str, dict]]:
        """Draw the figure of all reports, as `display` takes it."""
        fig, (left, right) = figures.plt.subplots(1, 2, figsize=(figures.WIDTH, 3))
        words = [f"{self._title}, {len(self.reports)} of {self.params['epochs']} epochs"]
        curves = {"loss": (left, figures.GRAY)} | {
            name: (right, colour) for name, colour in AUCS.items()
        }
        for name, (ax, colour) in curves.items():
            values = [report[name] for report in self.reports if name in report]
            ax.plot(range(1, len(values) + 1), values, "o-", color=colour, label=name)
            if values:
                words.append(f"{name} from {values[0]:.2f} to {values[-1]:.2f}")
        for ax, label in ((left, "loss"), (right, "AUC")):
            ax.set(xlim=(0.5, self.params["epochs"] + 0.5), xlabel="epoch", ylabel=label)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        left.set_ylim(0, 1.1 * max((report["loss"] for report in self.reports), default=1))
        right.set_ylim(0.5, 1.005)
        right.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        fig.suptitle(self._title)
        return figures.as_output(fig, f"{'; '.join(words)}.")
