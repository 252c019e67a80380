"""Docstrings begin with a verb, those of classes with a noun; ruff's D401 sees only some of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "helpers"
NO_VERBS = (
    "a all an another any both by each for from how if in it its no of on one some that the these "
    "this those to twice two up what when where whether which who why with"
)
NO_NOUNS = "by does for how if is of to was what when where whether which who why"


def first_words(kind: type) -> Iterator[tuple[str, str]]:
    """First words of the docstrings of functions or classes, and where they are; no properties."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, kind) or not ast.get_docstring(node):
                continue
            if not any("property" in ast.unparse(line) for line in node.decorator_list):
                word = ast.get_docstring(node).split()[0].rstrip(",")
                yield word, f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}: {word}"


def is_verb(word: str) -> bool:
    return word.isalpha() and word.istitle() and word.lower() not in NO_VERBS.split()


def test_functions_begin_with_a_verb():
    words = list(first_words(ast.FunctionDef))
    assert len(words) > 300
    assert [place for word, place in words if not is_verb(word)] == []


def test_classes_begin_with_a_noun():
    verbs = {word for word, _ in first_words(ast.FunctionDef)}
    words = list(first_words(ast.ClassDef))
    assert len(words) > 30
    wrong = [p for word, p in words if word in verbs or word.lower() in NO_NOUNS.split()]
    assert wrong == []
