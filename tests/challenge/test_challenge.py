"""The challenge: an honest score, one seed one set, messages for learners, no process left over."""

import contextlib
import copy
import dataclasses
import gc
import importlib
import io
import itertools
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from hostile import faults

import helpers
from helpers.challenge import client, judge, make_pairs
from helpers.challenge.client import Challenge, ChallengeResult, JudgeError, PipelineError, Tally
from helpers.course import check

SEED, PAIRS = 5, 14  # a seed that no lesson uses


@pytest.fixture(scope="module")
def challenge():
    with_judge = Challenge(SEED, PAIRS)
    yield with_judge
    with_judge.close()


@pytest.fixture(scope="module")
def entries():
    """What the judge knows."""
    return judge.Judge(SEED, PAIRS).entries


def truth(entries):
    """A pipeline that knows the boxes, by the order of the calls."""
    boxes = iter([entry["boxes"] for entry in entries])
    return lambda first, second: next(boxes)


def none(first, second):
    return []


def test_the_true_boxes_score_one(challenge, entries):
    result = challenge.score(truth(entries))
    there = sum(len(entry["boxes"]) for entry in entries)
    assert there > 10
    assert result.total == Tally(there, there, there, there)
    assert result.scores == (1, 1, 1)
    assert all(found == there for there, found in result.by_kind.values())
    assert (result.unchanged, result.false_alarms) == (4, 0)


def test_counts_by_nuisance_and_kind_are_those_of_the_truth(challenge, entries):
    """One box of each pair is left out, one is doubled, and unchanged pairs get one."""
    boxes, lost = [], []
    for entry in entries:
        shortened = entry["boxes"][1:]
        boxes.append([*shortened, *shortened[:1]] if entry["boxes"] else [(0, 0, 5, 5)])
        lost += [change["kind"] for change in entry["changes"][:1]]
    answers = iter(boxes)
    result = challenge.score(lambda first, second: next(answers))
    for name, tally in result.by_nuisance.items():
        of_it = [
            n for n, e in enumerate(entries) if e["nuisance"]["kind"].replace("_", " ") == name
        ]
        there = sum(len(entries[n]["boxes"]) for n in of_it)
        assert tally.true == there
        assert tally.found == sum(len(boxes[n]) for n in of_it)
        assert tally.right == there - sum(bool(entries[n]["boxes"]) for n in of_it)
    for kind, (there, found) in result.by_kind.items():
        assert there - found == lost.count(kind.replace(" ", "_"))
    assert result.false_alarms == result.unchanged == 4
    assert result.total.found == sum(map(len, boxes))


def test_a_box_in_the_right_place_of_the_wrong_size_is_placed_and_not_right(challenge, entries):
    grown = [[(x - 9, y - 9, w + 18, h + 18) for x, y, w, h in e["boxes"]] for e in entries]
    result = challenge.score(truth([{"boxes": boxes} for boxes in grown]))
    assert result.total.placed == result.total.true
    assert result.total.right < result.total.true


def test_the_same_seed_gives_the_same_pairs_and_the_same_score(challenge):
    again = Challenge(SEED, PAIRS)
    assert again.score("robust") == challenge.score("robust")
    assert np.array_equal(again.pair(3), challenge.pair(3))
    one, other = (Challenge(seed, 1).pair(0)[0] for seed in (SEED, SEED + 1))
    assert one.shape != other.shape


@pytest.fixture(scope="module")
def fresh():
    with contextlib.closing(Challenge(pairs=2)) as challenge:
        yield challenge


def test_fresh_pairs_are_others_each_time_and_the_same_while_their_judge_lives(fresh):
    with contextlib.closing(Challenge(pairs=2)) as other:
        assert fresh.pair(0)[0].shape != other.pair(0)[0].shape
    assert np.array_equal(fresh.pair(0), fresh.pair(0))
    assert fresh.score(none) == fresh.score(none)


def test_fresh_pairs_have_no_seed_to_tell(fresh):
    result = fresh.score(none)
    assert fresh.seed is None and result.seed is None
    assert repr(fresh) == "Challenge(pairs=2)"
    assert str(result).startswith("none, 2 fresh pairs\n") and "on 2 fresh pairs:" in repr(result)


def test_the_secret_is_drawn_from_the_system_and_is_in_no_answer(monkeypatch):
    """In this process, where the number can be known; each request that there is."""
    secret = 271828182845904523536028747135266249774  # even: of the reporting half
    monkeypatch.setattr(judge.secrets, "randbits", {128: secret + 1}.__getitem__)
    known = judge.Judge(None, 2)
    lines = [b'{"pair": 0}\n', b'{"pair": 1}\n', b'{"boxes": [[], []]}\n', *JUNK_REQUESTS]
    answers = io.BytesIO()
    judge.serve(known, io.BytesIO(b"".join(lines)), answers)
    assert known.seed == secret
    for text in (str(secret), f"{secret:x}", str(secret)[:12]):
        assert text.encode() not in answers.getvalue()
    assert secret.to_bytes(16, "little") not in answers.getvalue()
    pictures = judge.make_pairs.make_pair(judge.SET, secret, known.order[0]).pictures
    assert pictures["first"].tobytes() in answers.getvalue()  # and all is drawn from it


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for the process in /proc")
def test_what_others_see_of_the_judge_tells_nothing(fresh):
    fresh.pair(0)
    process = Path(f"/proc/{fresh._judge.pid}")
    line = (process / "cmdline").read_bytes().split(b"\0")
    assert line[1:] == [b"-m", b"helpers.challenge.judge", b"fresh", b"2", b""]
    files = {str(link.readlink()) for link in (process / "fd").iterdir()}
    assert all(name.startswith(("pipe:", "/dev/", "socket:")) for name in files), files


@pytest.mark.parametrize("how", ["closed", "killed"])
def test_fresh_pairs_end_with_their_judge(how):
    fresh = Challenge(pairs=2)
    fresh.pair(0)
    if how == "closed":
        fresh.close()
    else:
        fresh._judge.kill()
        fresh._judge.wait()
        with pytest.raises(JudgeError, match="over with it"):
            fresh.score(none)
    for ask in (lambda: fresh.pair(0), lambda: fresh.score(none)):
        with pytest.raises(JudgeError, match="These fresh pairs are over"):
            ask()


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_fresh_pairs_cannot_be_copied_and_those_of_a_seed_can(fresh, challenge, copied):
    with pytest.raises(JudgeError, match="cannot be copied"):
        copied(fresh)
    if copied is not pickle.dumps:
        assert repr(copied(challenge)) == repr(challenge)


def in_child(challenge, results):
    try:
        results.put(challenge.pair(0)[0].shape)
    except JudgeError as error:
        results.put(str(error))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_leaves_the_judge_alone(fresh, challenge):
    """Two processes that read one pipe would get parts of each other's pictures."""
    context = multiprocessing.get_context("fork")
    for each, expected in ((fresh, "belong to another process"), (challenge, "")):
        before, results = each.pair(0)[0], context.Queue()
        child = context.Process(target=in_child, args=(each, results))
        child.start()
        said = results.get(timeout=60)
        child.join(60)
        assert expected in said if expected else said == before.shape
        assert np.array_equal(each.pair(0)[0], before)


def test_threads_get_whole_pictures(challenge):
    expected = [challenge.pair(number)[0] for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: challenge.pair(number % 4)[0], range(40)))
    assert all(np.array_equal(picture, expected[n % 4]) for n, picture in enumerate(found))


JUNK_REQUESTS = [
    b"\n",
    b"no json\n",
    b"\xff\xfe\n",
    b"[" * 100_000 + b"\n",
    b"[]\n",
    b"null\n",
    b"{}\n",
    b'{"seed": 1}\n',
    b'{"pair": 0, "boxes": []}\n',
    b'{"pair": "1"}\n',
    b'{"pair": -1}\n',
    b'{"pair": 2}\n',
    b'{"pair": true}\n',
    b'{"pair": 0.5}\n',
    b'{"pair": NaN}\n',
    b'{"pair": 1' + b"0" * 400 + b"}\n",
    b'{"pair": 1' + b"0" * 5000 + b"}\n",
    b'{"pair": null}\n',
    b'{"boxes": 5}\n',
    b'{"boxes": []}\n',
    b'{"boxes": [[], [], []]}\n',
    b'{"boxes": [[], 5]}\n',
    b'{"boxes": [[], [[1, 2, 3]]]}\n',
    b'{"boxes": [[], [[1, 2, 3, "4"]]]}\n',
    b'{"boxes": [[], [[1, 2, 3, 1' + b"0" * 400 + b"]]]}\n",
    b'{"boxes": {"a": 1, "b": 2}}\n',
]


def test_a_request_that_is_none_is_answered_in_words_and_the_judge_goes_on():
    answers = io.BytesIO()
    judge.serve(
        judge.Judge(SEED, 2), io.BytesIO(b"".join(JUNK_REQUESTS) + b'{"pair": 0}\n'), answers
    )
    *errors, last = answers.getvalue().split(b"\n", len(JUNK_REQUESTS))
    for error in map(json.loads, errors):
        assert error.keys() == {"error"} and error["error"].endswith(".")
    assert last.startswith(b'{"shape"')


def test_junk_given_to_the_judge_comes_back_as_words(challenge):
    process = challenge.pair(0) and challenge._judge
    with pytest.raises(helpers.PictureError, match="Give a whole number"):
        challenge._ask({"pair": 10**400})
    challenge.pair(0)
    assert challenge._judge is process


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("large", [False, pytest.param(True, marks=pytest.mark.full)])
def test_wrong_arguments_are_answered_in_words(fresh, large):
    assert not faults(Challenge, {"seed": 1, "pairs": 2}, large=large)
    assert not faults(fresh.pair, {"number": 0}, large=large)
    assert not faults(fresh.score, {"pipeline": none}, large=large)
    assert not faults(lambda found: fresh.score(lambda *_: found), {"found": []}, large=large)


@pytest.mark.parametrize("change", [{}, {"method": "mine"}])
def test_a_result_that_was_made_by_hand_is_not_taken(fresh, change):
    result = dataclasses.replace(fresh.score(none), **change)
    assert "very result" in str(check("15.3", result))


def test_a_poor_score_uses_fresh_pairs_up(monkeypatch):
    tally = {"none": Tally(10, 10, 1, 5)}
    result = ChallengeResult("mine", None, [[]] * 70, tally, {}, 20, 0)
    monkeypatch.setitem(client._SCORED, id(result), result)
    assert "used up" in str(check("15.3", result))


def test_the_order_does_not_tell_what_is_unchanged():
    """make_pairs has its unchanged pairs in the same places for every seed; the judge has not."""
    places = set()
    for seed in range(3):
        order = judge.Judge(seed, 70).order
        assert sorted(order) == list(range(70))
        unchanged = [n for n in order if not make_pairs.turn_of(judge.SET, n)[0]]
        places.add(tuple(order.index(n) for n in sorted(unchanged)))
    assert len(places) == 3


def test_the_kernel_holds_no_truth(challenge, entries):
    """Everything that the challenge refers to, and the result, but for what Python itself holds."""
    result = challenge.score(none)
    boxes = {tuple(box) for entry in entries for box in entry["boxes"]}
    seen, waiting = set(), [vars(challenge), result]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (type, type(judge), type(none))):
            continue
        seen.add(id(thing))
        assert not (isinstance(thing, (list, tuple)) and len(thing) == 4 and tuple(thing) in boxes)
        waiting += gc.get_referents(thing)
    assert len(seen) > 50


def test_a_pipeline_cannot_spoil_the_pairs(challenge):
    before = challenge.score("robust")

    def vandal(first, second):
        first[:], second[:] = 0, 0
        return []

    challenge.score(vandal)
    assert challenge.score("robust") == before


def test_a_method_is_called_as_compare_calls_it(challenge):
    result = challenge.score("robust", ignore_below=20)
    for number in range(PAIRS):
        found = helpers.compare(*challenge.pair(number), ignore_below=20).boxes
        assert result.boxes[number] == found
    assert result.method == "robust"


def test_settings_go_to_the_function(challenge):
    def boxed(first, second, side):
        return [(0, 0, side, side)]

    assert challenge.score(boxed, side=7).boxes == [[(0, 0, 7, 7)]] * PAIRS


def test_boxes_may_be_arrays_or_come_from_a_generator(challenge):
    def arrays(first, second):
        return np.array([[1, 2, 3, 4]])

    def generator(first, second):
        yield 1, 2, 3, 4

    assert challenge.score(arrays).boxes == challenge.score(generator).boxes


def stops(first, second):
    return np.linalg.inv(np.zeros((2, 2)))


def stops_in_a_generator(first, second):
    yield first["x"]


def stops_in_opencv(first, second):
    return cv2.GaussianBlur(first, (4, 4), 0)


@pytest.mark.parametrize(
    ("pipeline", "words"),
    [
        (
            stops,
            ["Pair 0: stops stops with numpy.linalg.LinAlgError in line", "inv(np", "Singular"],
        ),
        (stops_in_a_generator, ["IndexError", 'yield first["x"]']),
        (stops_in_opencv, ["cv2.error in line", "`return cv2.GaussianBlur", "ksize.width % 2"]),
        (lambda first: [], ["TypeError", "takes 1 positional"]),
        (lambda a, b: None, ["Pair 0, <lambda>", "'NoneType'", "list of boxes"]),
        (lambda a, b: [(1, 2, 3)], ["Pair 0", "list of boxes"]),
        (lambda a, b: [(1, 2, 3, 4.5)], ["Pair 0", "height of a box that was found is 4.5"]),
        (lambda a, b: itertools.repeat((1, 2, 3, 4)), ["Pair 0", "too many"]),
        (lambda a, b: [(1, 2, 3, 10**400)], ["Pair 0", "height of a box", "1000"]),
        (lambda a, b: sys.exit("mine"), ["Pair 0", "SystemExit", "mine"]),
        (lambda a, b: [(1, 2, 0, 4)], ["Pair 0", "width of a box that was found is 0"]),
    ],
)
def test_what_goes_wrong_in_a_pipeline_is_told(challenge, pipeline, words):
    with pytest.raises(PipelineError) as caught:
        challenge.score(pipeline)
    for word in words:
        assert word in str(caught.value)
    assert "/" not in str(caught.value).partition("\n")[0]
    assert caught.value._render_traceback_() == [f"PipelineError: {caught.value}"]


def test_the_pair_and_the_cause_are_named(challenge):
    def careless(first, second):
        calls.append(1)
        if len(calls) == 4:
            raise KeyError("mine")
        return []

    calls = []
    with pytest.raises(PipelineError, match="Pair 3: careless") as caught:
        challenge.score(careless)
    assert isinstance(caught.value.__cause__, KeyError)
    line = careless.__code__.co_firstlineno + 3
    assert f"KeyError in line {line}, `raise KeyError" in str(caught.value)


@pytest.fixture(params=["lonely.py", "parcel/__init__.py"])
def library(request, tmp_path, monkeypatch):
    """Return a library, a file or a package, of a folder that no installation knows."""
    path = tmp_path / "anywhere" / request.param
    path.parent.mkdir(parents=True)
    path.write_text(
        "def fail(*_):\n    raise KeyError('inside')\n\n\n"
        "def call_back(function):\n    return function()\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "anywhere")
    name = path.stem if path.stem == "lonely" else path.parent.name
    yield importlib.import_module(name)
    del sys.modules[name]


def test_the_line_is_the_learners_wherever_the_library_is(challenge, library):
    def careless(first, second):
        return library.fail(first)

    with pytest.raises(PipelineError) as caught:
        challenge.score(careless)
    line = careless.__code__.co_firstlineno + 1
    assert f"KeyError in line {line}, `return library.fail(first)`: 'inside'" in str(caught.value)


def test_the_line_is_that_of_a_cell_also_below_a_library(challenge, library):
    code = "def inner():\n    return {}['mine']\n\ndef cell(*_):\n    return call_back(inner)\n"
    namespace = {"__name__": "__main__", "call_back": library.call_back}
    exec(compile(code, "<a cell>", "exec"), namespace)
    with pytest.raises(PipelineError, match="KeyError in line 2: 'mine'"):
        challenge.score(namespace["cell"])


@pytest.mark.parametrize("pipeline", [np.linalg.inv, json.loads])
def test_no_line_of_a_library_is_told_as_the_learners(challenge, pipeline):
    with pytest.raises(PipelineError) as caught:
        challenge.score(pipeline)
    assert "in line" not in str(caught.value)


@pytest.mark.parametrize("pipeline", [5, None, "strict", ..., []])
def test_what_is_no_pipeline_is_refused(challenge, pipeline):
    with pytest.raises(helpers.PictureError, match="Give a function"):
        challenge.score(pipeline)


@pytest.mark.parametrize(
    ("seed", "pairs"), [(-1, 5), ("a", 5), (1.5, 5), (1, 0), (1, None), (1, 1001), (2**63, 1)]
)
def test_what_is_no_number_is_refused(seed, pairs):
    with pytest.raises(helpers.PictureError, match="Give a whole number"):
        Challenge(seed, pairs)


@pytest.mark.parametrize("number", [-1, PAIRS, "a", 10**400, True])
def test_there_is_no_such_pair(challenge, number):
    with pytest.raises(helpers.PictureError, match="Give a"):
        challenge.pair(number)


def test_a_judge_that_died_is_told_and_the_next_call_has_a_new_one(challenge):
    challenge.pair(0)
    challenge._judge.kill()
    challenge._judge.wait()
    with pytest.raises(JudgeError, match="The judge stopped"):
        challenge.pair(0)
    assert challenge.pair(0)[0].ndim == 3


def test_what_stops_the_judge_is_told(monkeypatch):
    monkeypatch.setattr("helpers.challenge.client.JUDGE", "no_such_module")
    with pytest.raises(RuntimeError, match="No module named no_such_module"):
        Challenge(1, 2).pair(0)


def test_an_interrupt_leaves_no_half_answer_and_no_process(challenge, monkeypatch):
    challenge.pair(0)
    process = challenge._judge
    read, reads = Challenge._read, []

    def interrupted(self, data, size=1):
        reads.append(size)
        if len(reads) == 2:  # after the shape, within the pictures
            raise KeyboardInterrupt
        return read(self, data, size)

    monkeypatch.setattr(Challenge, "_read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        challenge.pair(1)
    assert process.poll() is not None
    monkeypatch.undo()
    assert np.array_equal(challenge.pair(1), Challenge(SEED, PAIRS).pair(1))


@pytest.mark.parametrize("how", ["close", "forget"])
def test_the_process_ends_with_the_challenge(how):
    challenge = Challenge(SEED, 1)
    challenge.pair(0)
    process = challenge._judge
    assert process.poll() is None
    if how == "close":
        challenge.close()
    else:
        del challenge
        gc.collect()
    assert process.poll() is not None
    assert process.stdout.closed


def alive(pid):
    return (
        Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()
    )


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for the process in /proc")
@pytest.mark.parametrize("end", ["killed", "finished", "interrupted"])
def test_no_judge_outlives_python(end):
    """The judge is in a group of its own, so that an interrupt of the kernel does not reach it."""
    code = """
        import signal, sys
        from helpers.challenge.client import Challenge
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" ignores it
        challenge = Challenge(5, 1)
        challenge.pair(0)
        try:
            print(challenge._judge.pid, flush=True)
            sys.stdin.readline()
        except KeyboardInterrupt:
            print(challenge.score(lambda a, b: []).total.found, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        pid = int(process.stdout.readline())
        assert alive(pid)
        if end == "killed":
            process.kill()
        elif end == "interrupted":
            os.killpg(process.pid, signal.SIGINT)
            assert process.stdout.readline() == "0\n"  # the judge was not interrupted
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


def test_no_file_is_left_behind(tmp_path):
    code = "from helpers.challenge.client import Challenge; Challenge(5, 2).score('classic')"
    environment = os.environ | {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=environment)
    assert list(tmp_path.iterdir()) == []


def test_it_is_not_imported_with_helpers():
    code = "import sys, helpers; sys.exit('helpers.challenge.client' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_printed_it_is_a_table_and_in_short_a_line(challenge):
    result = challenge.score("robust")
    lines = str(result).splitlines()
    assert lines[0] == f"robust, {PAIRS} pairs of seed {SEED}"
    assert len(lines) == len(result.by_nuisance) + 4
    assert lines[-2].split()[0] == "all"
    assert lines[-2].split()[-1] == f"{result.scores.f1:.3f}"
    assert lines[-1].endswith(f"{result.false_alarms} of {result.unchanged}")
    assert len(str(result)) < 1000
    assert f"F1 {result.scores.f1:.3f}" in repr(result)
    assert repr(challenge) == f"Challenge(seed={SEED}, pairs={PAIRS})"


def test_a_perfect_pair_and_none_of_a_nuisance():
    assert Tally(0, 0, 0, 0).scores == (1, 1, 1)
    assert Tally(4, 2, 1, 2).scores == (0.5, 0.25, pytest.approx(1 / 3))
