"""What every lesson must have: order, short cells, alt text, links, numbers that a cell prints."""

import json
import re
import statistics
from pathlib import Path

import pytest
from notebook_times import said_seconds

from notebooks import CHECK, NOTEBOOKS, check_cells, code_cells, read, solutions

HEADINGS = ["Where it breaks", "Exercises", "In short", "Next"]
pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def prose(path: Path) -> str:
    """All markdown, without the code of the solutions."""
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def test_is_stored_as_a_fresh_run_leaves_it(path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert cell.source.strip()
        assert not [output for output in cell.outputs if output.output_type == "error"]
    assert set(read(path).metadata) == {"course", "kernelspec", "language_info"}
    assert set(read(path).metadata["course"]) <= {"alt", "hook", "summary", "title"}
    assert all(set(cell.metadata) <= {"tags", "thumbnail"} for cell in read(path).cells)
    ids = [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert len(set(ids)) == len(ids)
    assert path.stat().st_size < 1_500_000


def test_cells_are_short(path):
    lengths = [len(cell.source.splitlines()) for cell in code_cells(path)]
    assert max(lengths) <= 15
    assert statistics.median(lengths) <= 5


def test_imports_stand_in_one_cell_before_all_else(path):
    importing = [
        number
        for number, cell in enumerate(code_cells(path))
        if re.search(r"^(import|from) ", cell.source, re.MULTILINE)
    ]
    assert importing == [0]


def test_every_figure_has_alt_text_and_a_caption_below(path):
    for cell in code_cells(path):
        for number, output in enumerate(cell.outputs):
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) > 20
                assert alt == output.data["text/plain"]  # which nbval compares
                assert cell.outputs[number + 1].data["text/markdown"].startswith("*")
            for tag in re.findall(r"<img[^>]*>", str(output.get("data", {}).get("text/html", ""))):
                assert re.search(r'alt="[^"]{20,}"', tag)


def test_text_outputs_are_short_and_name_no_path_of_a_machine(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            text = output.get("text", output.get("data", {}).get("text/plain", ""))
            assert len(text) < 1000
            assert not re.search(r"(^|\s|['\"])(/\w+/|[A-Z]:\\)|0x[0-9a-f]{6}", text)


def test_order_of_the_lesson(path):
    text = prose(path)
    assert text.startswith("# ")
    for start in ("**You will do**", "**You will be able to**", "**You need**"):
        assert start in text
    assert re.search(r"\*\d+ minutes to read, \d+ for the exercises\.\*", text)
    places = [text.index(f"\n## {heading}\n") for heading in HEADINGS]
    assert places == sorted(places)
    assert len(re.findall(r"sliders\.\w+\(", "".join(c.source for c in code_cells(path)))) >= 1
    assert any("assert " in cell.source and "helpers." in cell.source for cell in code_cells(path))


def test_a_lesson_from_20_on_says_how_long_its_cells_run(path):
    assert path.stem < "20" or said_seconds(path)


def test_exercise_minutes_add_up(path):
    text = prose(path)
    total = int(re.search(r"minutes to read, (\d+) for", text)[1])
    minutes = [
        int(number) for number in re.findall(r"\*\*Exercise \d\*\* \((\d+) minutes?\)", text)
    ]
    assert len(minutes) in (2, 3)
    assert sum(minutes) == total


def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose(path)):
        assert (path.parent / target).is_file(), target


def test_numbers_in_the_text_are_printed_by_a_cell(path):
    printed = ""
    for cell in code_cells(path):
        printed += cell.source + "\n"
        for output in cell.outputs:
            printed += output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
    formulas = "".join(re.findall(r"\$.*?\$", prose(path), flags=re.DOTALL))
    for number in re.findall(r"(?<![\w.])\d+\.\d+", prose(path)):
        if "BT." + number.split(".")[0] in prose(path):
            continue
        assert number in printed + formulas, f"no cell prints {number}"


def test_every_exercise_has_a_stub_a_check_a_hint_and_a_solution(path):
    """Whether the solutions are right is asked in the kernel of the lesson, by in_kernel.py."""
    text = prose(path)
    exercises = [int(n) for n in re.findall(r"\*\*Exercise (\d)\*\* \(\d+ minutes?\)", text)]
    assert list(check_cells(path)) == [f"{path.stem[:2]}.{n}" for n in exercises]
    stubs = [c.source for c in code_cells(path) if " = ...  # your" in c.source]
    assert len(stubs) == len(solutions(path)) == len(exercises)
    assert text.count("<details><summary>Hint</summary>") == len(exercises)
    for stub, check in zip(stubs, check_cells(path).values(), strict=True):
        variable = stub.splitlines()[-1].partition(" = ")[0]
        assert re.fullmatch(rf'check\("\d\d\.\d", {variable}(, \w+)*\)', check)


def test_what_is_stored_is_what_nothing_attempted_gives(path):
    for cell in code_cells(path):
        if CHECK.search(cell.source):
            assert cell.outputs[0].data["text/plain"].startswith("Not attempted yet.")
