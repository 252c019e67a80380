"""`image-diff` for files of several pages."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pdf_files import LOCKED, pdf, text
from PIL import Image as PillowImage
from test_report import Page

from helpers import documents
from helpers.app import terminal, two_pictures
from helpers.app.cli import main
from helpers.app.report import MOST_SHOWN, report_of_pages

MARK = b"1 0 0 rg 100 200 60 40 re f"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[str]:
    """Two PDFs: of the second a page is inserted, one is changed, one is missing."""
    folder = tmp_path_factory.mktemp("pdf")
    shown = [text(seed) for seed in range(4)]
    paths = folder / "a.pdf", folder / "b.pdf"
    paths[0].write_bytes(pdf(*shown))
    paths[1].write_bytes(pdf(shown[0], text(9), text(1, MARK), shown[2]))
    return [str(path) for path in paths]


def frames(path: Path, *colours: str) -> str:
    first, *others = [PillowImage.new("RGB", (60, 50), colour) for colour in colours]
    first.save(path, save_all=True, append_images=others, duration=90)
    return str(path)


def run(first: str, second: str, *options: str) -> int:
    return main(["--first", first, "--second", second, *options])


def test_lines_name_the_pages(files, capsys):
    assert run(*files) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert [line for line in lines if not line.startswith(" ")] == [
        "page 1: identical",
        "page 2 of the second file: inserted: only the second file has it",
        "page 2, in the second file 3: changed: 1 box (x, y, width, height):",
        "page 3, in the second file 4: identical",
        "page 4: removed: only the first file has it",
        "5 pages: 2 same, 1 inserted, 1 changed, 1 removed",
    ]
    assert re.fullmatch("  [0-9]+, [0-9]+, [0-9]+, [0-9]+", lines[3])
    assert lines[4].startswith("  Exact (")


def test_json_has_all_pages(files, capsys):
    assert run(*files, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["first_pages"], found["second_pages"], found["is_same"]) == (4, 4, False)
    assert [(page["first"], page["second"], page["verdict"]) for page in found["pages"]] == [
        (1, 1, "identical"),
        (None, 2, "inserted"),
        (2, 3, "changed"),
        (3, 4, "identical"),
        (4, None, "removed"),
    ]
    assert len(found["pages"][2]["boxes"]) == 1 and found["remarks"] == []


def test_pages_and_dots_can_be_chosen(files, capsys):
    assert run(files[0], files[0]) == 0
    assert run(*files, "--page", "1") == 0
    assert run(*files, "--page", "1-2") == 1
    assert run(*files, "--page", "1", "--dpi", "36", "--json") == 0
    page = json.loads(capsys.readouterr().out.splitlines()[-1])["pages"][0]
    assert (page["width"], page["height"]) == (150, 200)
    assert run(*files, "--max-pages", "3") == 2
    assert "has 4 pages, and at most 3 are compared" in capsys.readouterr().err
    assert run(*files, "--page", "9") == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--page", text) for text in ("0", "2-1", "a", "1-2-3", "")),
        *(("--dpi", text) for text in ("9", "2401", "72.5")),
        ("--max-pages", "0"),
    ],
)
def test_options_that_are_none(files, capsys, option, value):
    with pytest.raises(SystemExit) as end:
        run(*files, option, value)
    assert end.value.code == 2
    assert option in capsys.readouterr().err


def test_what_may_pass_counts_for_each_page(tmp_path, capsys):
    first = frames(tmp_path / "a.gif", "white", "red", "blue")
    second = frames(tmp_path / "b.gif", "white", "red", "navy")
    assert run(first, second) == 1
    assert run(first, second, "--max-percent", "100") == 0
    assert "changed, but no more than --max-percent 100.0" in capsys.readouterr().out


def test_a_page_that_cannot_be_compared_is_trouble(tmp_path, capsys):
    first, second = (tmp_path / name for name in ("a.pdf", "b.pdf"))
    first.write_bytes(pdf(text(1), text(2)))
    vast = pdf(text(1), text(2)).replace(b"[0 0 300 400]", b"[0 0 99999 99999]", 1)
    second.write_bytes(vast)
    assert run(str(first), str(second)) == 2
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "page 1: not compared",
        "page 2: identical",
        "2 pages: 1 not compared, 1 same",
    ]
    assert err.startswith(f"image-diff: {second}, page 1 has ") and len(err.splitlines()) == 1
    assert run(str(first), str(second), "--json", "--report", str(tmp_path / "a.html")) == 2
    page = json.loads(capsys.readouterr().out)["pages"][0]
    assert page["verdict"] == "trouble" and "at most 50 million" in page["trouble"]
    assert "Not compared: " in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_pdfs_that_cannot_be_read_are_trouble(tmp_path, files, capsys):
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(LOCKED)
    assert run(files[0], str(locked)) == 2
    assert capsys.readouterr() == (
        "",
        f"image-diff: {locked} is a PDF that wants a password. Save a copy without one.\n",
    )


def test_one_report_for_all_pages(files, tmp_path, capsys):
    path = tmp_path / "all.html"
    assert run(*files, "--report", str(path)) == 1
    page = Page(path.read_text(encoding="utf-8"))
    assert "3 of 5 pages differ" in page.text and "image-diff: exit status 1." in page.text
    links = {attributes["href"].removeprefix("#") for attributes in page.all("a")}
    places = {a["id"] for a in page.all("section")}
    assert places == {"page--2", "page-2-3", "page-4-"} and links == places | {"pages"}
    assert len(page.all("img")) == 1 + 4 + 2 + 1
    labels = [a["aria-label"] for a in page.all("div") if "aria-label" in a]
    assert len(labels) == len(set(labels)) == 2
    assert "dpi 144" in page.text and "method robust" in page.text
    assert run(*files, "--report", str(path)) == 1  # an earlier one is replaced
    assert run(*files, "--report", files[0]) == 2


def test_a_report_of_many_pages_shows_the_first_that_differ():
    pages = [documents.PageComparison(n, None, picture=PICTURE) for n in range(1, MOST_SHOWN + 9)]
    text = report_of_pages(
        iter(pages), names=("a", "<b>"), counts=(58, 0), settings={"method": "robust"}
    )
    page = Page(text)
    assert len(page.all("img")) == len(page.all("section")) == MOST_SHOWN
    assert f"The first {MOST_SHOWN} that differ are shown below." in page.text
    assert "<b>" not in text


PICTURE = np.full((30, 40, 3), 99, np.uint8)


def test_pictures_of_each_page(files, tmp_path):
    assert run(*files, "--out", str(tmp_path / "out"), "--page", "1-3") == 1
    there = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert there == ["page-1", "page-2"]
    assert len(list((tmp_path / "out" / "page-2").iterdir())) == 4
    assert run(*files, "--out", str(tmp_path / "out"), "--page", "1") == 0


def test_show_is_for_one_page(files, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(two_pictures, "show", shown.append)
    assert run(*files, "--show") == 2
    assert "--show opens one window. Choose a page with --page N." in capsys.readouterr().err
    assert run(*files, "--show", "--page", "1") == 0
    assert len(shown) == 1


def test_a_pdf_comes_from_the_standard_input(files):
    command = [sys.executable, "-m", "helpers", "--first", "-", "--second", files[0]]
    with Path(files[0]).open("rb") as source:
        done = subprocess.run(command, stdin=source, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "4 pages: 4 same"


def test_notes_are_said_once_and_not_without_end(tmp_path, capsys):
    shown = [PillowImage.new("RGBA", (60, 50), (n, 0, 0, 128)) for n in range(0, 250, 10)]
    shown[0].save(tmp_path / "a.png", save_all=True, append_images=shown[1:])
    same = str(tmp_path / "a.png")
    assert run(same, same) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "image-diff: 5 more notes; --json has all of them."
    assert len(lines) == len(set(lines)) == 21


def test_progress_is_for_a_terminal(files, tmp_path):
    assert terminal.Progress()._stream is None  # that of a test is none
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "helpers", "--first", files[0], "--second", files[1]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave) as process:
        process.communicate()
    os.close(slave)
    said = os.read(master, 100_000).decode()
    os.close(master)
    assert "image-diff: comparing page 5 of 5" in said and "looking at page 4 of 4" in said
    assert said.endswith("\r\x1b[K") and "\n" not in said


def test_a_line_of_progress_fits_the_terminal(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO())
    progress = terminal.Progress()
    progress._stream = stream
    said = []
    monkeypatch.setattr(terminal, "_write", lambda stream, text, errors: said.append(text))
    monkeypatch.setenv("COLUMNS", "30")
    progress.show("a" * 99 + "\n")
    assert len(said[0]) == 1 + 29 + 3 and "\n" not in said[0]
