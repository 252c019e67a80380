"""The curve that grows while a network is trained, with a real small fit and a display that notes.

Skipped without the extra `deep`.
"""

import base64
from itertools import pairwise

import cv2
import numpy as np
import pytest

from helpers.deep.keras_extra import NeedsKeras, require_keras

try:
    keras = require_keras()
except NeedsKeras as error:
    pytest.skip(str(error), allow_module_level=True)

from helpers.course import live_curve
from helpers.course.live_curve import LiveCurve

EPOCHS, STEPS = 3, 4


class Shown:
    """What is on display: a list of outputs, each with all its states, the last one last."""

    def __init__(self) -> None:
        self.outputs = []

    def display(self, data, *, raw, metadata=None, display_id=None):
        assert raw
        states = [(data, metadata)]
        self.outputs.append(states)

        class Handle:
            def update(self, data, *, raw, metadata=None):
                assert raw
                states.append((data, metadata))

        return Handle() if display_id else None


class Judges(keras.callbacks.Callback):
    """Reports AUCs as KeepBest does."""

    def on_epoch_end(self, epoch, logs):
        logs["easy"], logs["hard"] = 0.9, 0.6 + epoch / 10


class Interrupts(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations == STEPS + 2:
            raise KeyboardInterrupt


@pytest.fixture
def shown(monkeypatch):
    shown = Shown()
    monkeypatch.setattr(live_curve, "display", shown.display)
    return shown


def fit(*callbacks):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    pictures = np.random.default_rng(1).normal(size=(8 * STEPS, 2))
    model.fit(
        pictures,
        pictures.sum(axis=1),
        batch_size=8,
        epochs=EPOCHS,
        verbose=0,
        callbacks=list(callbacks),
    )
    return model.history.history


def picture(data):
    png = base64.b64decode(data["image/png"])
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def test_three_outputs_are_displayed_once_and_then_updated(shown):
    fit(LiveCurve("a line"))
    bar, figure, caption = shown.outputs
    assert len(bar) == 1 + EPOCHS * STEPS
    assert len(figure) == 1 + EPOCHS
    assert len(caption) == 1
    assert caption[0][0]["text/markdown"].startswith("*")


def test_the_bar_counts_all_steps(shown):
    fit(LiveCurve("a line"))
    words = [data["text/plain"] for data, _ in shown.outputs[0]]
    assert words[0] == "epoch 1 of 3, step 0 of 12"
    assert words[6] == "epoch 2 of 3, step 6 of 12"
    assert words[-1] == "epoch 3 of 3, step 12 of 12"
    assert 'value="12" max="12" aria-label="a line"' in shown.outputs[0][-1][0]["text/html"]


def test_each_epoch_changes_the_figure_and_its_alt_text(shown):
    curve = LiveCurve("a line")
    history = fit(Judges(), curve)
    assert [report["loss"] for report in curve.reports] == pytest.approx(history["loss"])
    assert [report["hard"] for report in curve.reports] == pytest.approx([0.6, 0.7, 0.8])
    states = shown.outputs[1]
    alts = [metadata["image/png"]["alt"] for _, metadata in states]
    assert alts[0] == "a line, 0 of 3 epochs."
    losses = f"loss from {history['loss'][0]:.2f} to {history['loss'][-1]:.2f}"
    assert alts[-1] == (
        f"a line, 3 of 3 epochs; {losses}; easy from 0.90 to 0.90; hard from 0.60 to 0.80."
    )
    drawings = [picture(data) for data, _ in states]
    for before, after in pairwise(drawings):
        assert np.count_nonzero(cv2.absdiff(before, after).max(axis=2) > 50) > 50


def test_without_aucs_only_the_loss_is_drawn(shown):
    fit(LiveCurve("a line"))
    assert "easy" not in shown.outputs[1][-1][1]["image/png"]["alt"]


def test_a_second_fit_starts_anew(shown):
    curve = LiveCurve("a line")
    fit(curve)
    fit(curve)
    assert len(curve.reports) == EPOCHS
    assert len(shown.outputs) == 6


def test_what_was_drawn_before_a_stop_stays(shown):
    curve = LiveCurve("a line")
    with pytest.raises(KeyboardInterrupt):
        fit(curve, Interrupts())
    assert len(curve.reports) == 1
    assert shown.outputs[0][-1][0]["text/plain"] == "epoch 2 of 3, step 6 of 12"


def test_no_figure_stays_open(shown):
    fit(LiveCurve("a line"))
    assert not live_curve.figures.plt.get_fignums()
