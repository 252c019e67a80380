"""notebooks/execute.py: what it leaves of a notebook, without running one."""

import json
import runpy

import nbformat
import pytest

from notebooks import FOLDER, NOTEBOOKS

clean = runpy.run_path(str(FOLDER / "execute.py"))["clean"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_notebook_stays_as_it_is(path):
    stored = path.read_text(encoding="utf-8")
    assert nbformat.writes(clean(nbformat.reads(stored, as_version=4))) + "\n" == stored


@pytest.mark.filterwarnings("ignore:Cell is missing an id", "ignore:Non-unique cell id")
def test_inserting_a_cell_changes_no_other_id():
    content = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    ids = [cell["id"] for cell in content["cells"]]
    inserted = {"cell_type": "markdown", "metadata": {}, "source": "New."}
    content["cells"][3:3] = [inserted, inserted | {"id": "mine"}, inserted | {"id": ids[0]}]
    after = [cell.id for cell in clean(nbformat.reads(json.dumps(content), as_version=4)).cells]
    assert after[:3] + after[6:] == ids
    assert after[4] == "mine"
    assert len(set(after)) == len(after) == len(ids) + 3


def test_what_an_editor_adds_is_left_out():
    notebook = nbformat.read(NOTEBOOKS[0], as_version=4)
    notebook.metadata |= {"widgets": {}, "language_info": {"version": "3.11.2"}, "title": "App"}
    notebook.cells[0].metadata = {"trusted": True, "tags": ["thumbnail"], "thumbnail": [1, 2, 3, 4]}
    notebook.cells[1].metadata = {"tags": []}
    cleaned = clean(notebook)
    assert set(cleaned.metadata) == {"course", "kernelspec", "language_info", "title"}
    assert cleaned.metadata.language_info == {"name": "python"}
    assert cleaned.cells[0].metadata == {"tags": ["thumbnail"], "thumbnail": [1, 2, 3, 4]}
    assert cleaned.cells[1].metadata == {}
