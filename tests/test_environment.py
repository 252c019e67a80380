"""The files that describe the environment agree: pins, pyproject.toml, conda and Binder."""

import importlib.util
import os
import pathlib
import re
import subprocess
import tomllib

import pytest
import rattler
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks.conda import CondaBuildPack

ROOT = pathlib.Path(__file__).resolve().parent.parent
PINS_TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read_pins():
    """Return every entry of requirements.txt as (requirement, hashes)."""
    joined = PINS_TEXT.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith(("#", "-"))]
    parts = [line.partition("--hash=") for line in lines]
    return [(Requirement(before), (equals + after).split()) for before, equals, after in parts]


PINS = read_pins()
EXTRAS = PROJECT["optional-dependencies"].values()
WANTED = [*PROJECT["dependencies"], *(text for extra in EXTRAS for text in extra)]


@pytest.fixture
def binder(monkeypatch):
    """Return repo2docker's conda build pack, looking at this repository."""
    monkeypatch.chdir(ROOT)
    pack = CondaBuildPack("base-image")
    pack.platform = "linux/amd64"
    return pack


def test_every_pin_is_exact():
    loose = [str(pin) for pin, _ in PINS if not re.fullmatch(r"==[^*,]+", str(pin.specifier))]
    assert PINS
    assert loose == []


def test_every_pin_has_hashes():
    sha256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
    bare = [
        pin.name for pin, hashes in PINS if not hashes or not all(map(sha256.fullmatch, hashes))
    ]
    assert bare == []


def test_pins_name_no_address():
    assert "://" not in PINS_TEXT
    options = [line for line in PINS_TEXT.splitlines() if line.startswith("-")]
    assert options == []


@pytest.mark.parametrize("text", WANTED)
def test_dependency_of_the_project_has_a_pin_that_satisfies_it(text):
    wanted = Requirement(text)
    name = canonicalize_name(wanted.name)
    versions = [
        next(iter(pin.specifier)).version for pin, _ in PINS if canonicalize_name(pin.name) == name
    ]
    assert versions, f"{name} has no pin in requirements.txt"
    assert all(wanted.specifier.contains(version) for version in versions)


def test_binder_builds_this_repository_with_conda(binder):
    packs = [pack for pack in Repo2Docker().buildpacks if pack("base-image").detect()]
    assert packs[0] is CondaBuildPack
    assert binder.python_version in SpecifierSet(PROJECT["requires-python"])


def test_conda_brings_only_python_and_pip(binder):
    environment = binder.environment_yaml
    *conda, pip = environment["dependencies"]
    specs = [rattler.MatchSpec(text, strict=True) for text in conda]
    assert [spec.name.normalized for spec in specs] == ["python", "pip"]
    assert pip == {"pip": ["-r requirements.txt"]}
    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge"]


def test_binder_has_the_files_before_it_needs_them(binder):
    recipe = binder.render({})
    steps = ["COPY --chown=1000:1000 src/", "env update -p", "RUN ./postBuild"]
    places = [recipe.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)


def test_post_build_installs_the_course_and_switches_the_news_off(binder):
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    script = (ROOT / binder.get_post_build_scripts()[0]).read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "pip install --no-deps --no-build-isolation -e ." in script
    assert start.NEWS in script


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no executable bit and has no bash")
def test_post_build_is_an_executable_script():
    assert os.access(ROOT / "postBuild", os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / "postBuild")], check=True)
