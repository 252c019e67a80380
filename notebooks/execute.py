"""Run notebooks from the top and store what they show: `python start.py execute [NOTEBOOK ...]`.

Without names all of them are run. A notebook is formatted by ruff first, and written only when
every cell ran. What would change from run to run is left out: times, versions, widget models.
At the end docs/write_pages.py writes what the README and other lessons take from a notebook.
"""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

HERE = Path(__file__).parent
WRITE_PAGES = HERE.parent / "docs" / "write_pages.py"
WIDGET = "application/vnd.jupyter.widget-view+json"
OF_THE_NOTEBOOK = "course", "title"  # for docs/write_pages.py, and the name of the app's page
OF_A_CELL = "tags", "thumbnail"


def execute(path: Path) -> None:
    """Run one notebook and store its outputs."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=600,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    part = path.with_suffix(".part")
    nbformat.write(clean(notebook), part)
    part.replace(path)


def clean(notebook: NotebookNode) -> NotebookNode:
    """Leave only what belongs into the repository. The ids of the cells stay."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **kept(notebook.metadata, OF_THE_NOTEBOOK),
    }
    for cell in notebook.cells:
        cell.metadata = kept(cell.metadata, OF_A_CELL)
        for output in cell.get("outputs", []):
            # A stored widget has no model to show; its plain text stands in for it.
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def kept(metadata: NotebookNode, keys: tuple[str, ...]) -> dict[str, object]:
    """Return what metadata has below these keys, without what is empty."""
    return {key: metadata[key] for key in keys if metadata.get(key)}


def main(names: list[str]) -> None:
    """Run the notebooks named, or all."""
    paths = [Path(name) for name in names] or sorted(HERE.glob("*.ipynb"))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *paths], check=True)
    for path in paths:
        start = time.perf_counter()
        execute(path)
        print(f"{path.name}: {time.perf_counter() - start:.1f} s, {path.stat().st_size // 1000} kB")
    if subprocess.run([sys.executable, WRITE_PAGES]).returncode:
        sys.exit("What the README and other lessons take from the notebooks was not written.")


if __name__ == "__main__":
    main(sys.argv[1:])
