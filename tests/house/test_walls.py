"""The walls of the house: which room imports which, and the one way out of the package."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import helpers

PACKAGE = Path(__file__).parents[2] / "helpers"
ENGINE = "the engine"  # the modules of the package itself, in no room
MAY_IMPORT = {
    ENGINE: set(),
    "fonts": set(),
    "scoring": {ENGINE},
    "challenge": {ENGINE, "fonts", "scoring"},
    "viewer": {ENGINE},
    "deep": {ENGINE, "fonts"},
    "course": {ENGINE, "fonts", "scoring", "challenge", "viewer", "deep"},
    "app": {ENGINE, "fonts", "scoring", "challenge", "viewer", "deep"},
}
DOORS = {"__init__.py", "__main__.py"}  # they import a wing when it is asked for
LEAVE = {"places.py", "course/doctor.py"}  # the one way out; and what runs without the package


def room_of(module: str) -> str:
    """The room of a module, named as in an import: "helpers.app.cli" is in "app"."""
    name = module.split(".")[1] if "." in module else ""
    return name if (PACKAGE / name).is_dir() and name else ENGINE


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules of the package that are imported anywhere in a module, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, ast.unparse(node)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_every_room_is_in_the_table():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == MAY_IMPORT.keys() - {ENGINE}


def test_no_module_imports_through_a_wall():
    wrong = []
    for name, tree in modules():
        if name in DOORS:
            continue
        room = room_of(f"helpers.{name.removesuffix('.py').replace('/', '.')}")
        ours = [module for module in imported(tree) if module.split(".")[0] == "helpers"]
        allowed = MAY_IMPORT[room] | {room}
        wrong += [f"{name} imports {module}" for module in ours if room_of(module) not in allowed]
    assert wrong == []


def test_only_places_looks_outside_its_room():
    def leaves(node: ast.AST) -> bool:
        is_parents = isinstance(node, ast.Attribute) and node.attr == "parents"
        return is_parents or (isinstance(node, ast.Constant) and node.value == "..")

    found = {name for name, tree in modules() if any(map(leaves, ast.walk(tree)))}
    assert found == LEAVE


def test_the_engine_loads_numpy_and_opencv_only():
    """In a process of its own: which installed packages comparing two pictures brings."""
    program = (
        "import sys, helpers; helpers.compare; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    before = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded, at_start = (
        set(subprocess.run([sys.executable, "-c", code], stdout=-1, check=True).stdout.split())
        for code in (program, before)
    )
    packages = {name.decode() for name in loaded - at_start} - sys.stdlib_module_names
    assert packages == {"helpers", "numpy", "cv2"}


def test_dir_shows_all_public_names():
    assert set(helpers.__all__) <= set(dir(helpers))


def test_public_names_are_found_where_editors_and_type_checkers_look():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    shown = {node.module.removeprefix("helpers."): _names(node) for node in block.body}
    assert shown == helpers.MODULES
    assert sorted(name for names in shown.values() for name in names) == helpers.__all__
    for module, names in shown.items():
        for name in names:
            assert getattr(helpers, name) is getattr(import_module(f"helpers.{module}"), name)


def _names(node: ast.ImportFrom) -> tuple[str, ...]:
    return tuple(alias.name for alias in node.names)


def test_no_module_hides_a_public_name():
    """Importing `helpers.compare` would make it the module, were there one of that name."""
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert modules.isdisjoint(helpers.__all__)
