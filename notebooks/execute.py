"""Run notebooks from the top and store what they show: `python start.py execute [NOTEBOOK ...]`.

Without names all of them are run. A notebook is formatted by ruff first, and written only when
every cell ran. What would change from run to run is left out: times, versions, widget models.
"""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

HERE = Path(__file__).parent
WIDGET = "application/vnd.jupyter.widget-view+json"


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
    """Leave only what belongs into the repository."""
    title = {key: notebook.metadata[key] for key in ("title",) if key in notebook.metadata}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **title,  # of the app's page
    }
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {"tags": cell.metadata.tags} if cell.metadata.get("tags") else {}
        for output in cell.get("outputs", []):
            # A stored widget has no model to show; its plain text stands in for it.
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def main(names: list[str]) -> None:
    """Run the notebooks named, or all."""
    paths = [Path(name) for name in names] or sorted(HERE.glob("*.ipynb"))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *paths], check=True)
    for path in paths:
        start = time.perf_counter()
        execute(path)
        print(f"{path.name}: {time.perf_counter() - start:.1f} s, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
