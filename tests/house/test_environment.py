"""The files that describe the environment agree: pins, pyproject.toml, conda, Binder, GitHub."""

import os
import re
import subprocess
import tomllib

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks.conda import CondaBuildPack
from set_ups import ROOT, environment, start

FILES = ["requirements.txt", "requirements-deep.txt"]


def read_text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def read_pins(name):
    """Return every entry of a file of pins as (requirement, hashes)."""
    joined = read_text(name).replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith(("#", "-"))]
    parts = [line.partition("--hash=") for line in lines]
    return [(Requirement(before), (equals + after).split()) for before, equals, after in parts]


def versions(name):
    """Return the pins of a file as a set of (package, version and marker) pairs."""
    return {
        (canonicalize_name(pin.name), f"{pin.specifier}; {pin.marker}") for pin, _ in PINS[name]
    }


PROJECT = tomllib.loads(read_text("pyproject.toml"))["project"]
PINS = {name: read_pins(name) for name in FILES}
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [
    *(("requirements.txt", text) for text in PROJECT["dependencies"]),
    *(("requirements.txt", text) for extra in ("notebooks", "test") for text in EXTRAS[extra]),
    *(("requirements-deep.txt", text) for text in EXTRAS["deep"]),
]
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    for path in (ROOT / ".github" / "workflows").glob("*.yml")
}
STEPS = [step for jobs in WORKFLOWS.values() for job in jobs.values() for step in job["steps"]]
of_each_file = pytest.mark.parametrize("name", FILES)


@pytest.fixture
def binder(monkeypatch):
    """Return repo2docker's conda build pack, looking at this repository."""
    monkeypatch.chdir(ROOT)
    pack = CondaBuildPack("base-image")
    pack.platform = "linux/amd64"
    return pack


@of_each_file
def test_every_pin_is_exact(name):
    pins = [pin for pin, _ in PINS[name]]
    loose = [str(pin) for pin in pins if not re.fullmatch(r"==[^*,]+", str(pin.specifier))]
    assert pins
    assert loose == []


@of_each_file
def test_every_pin_has_hashes(name):
    sha256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
    bare = [
        pin.name
        for pin, hashes in PINS[name]
        if not hashes or not all(map(sha256.fullmatch, hashes))
    ]
    assert bare == []


@of_each_file
def test_pins_name_no_address(name):
    assert "://" not in read_text(name)
    options = [line for line in read_text(name).splitlines() if line.startswith("-")]
    assert options == []


def test_both_files_pin_the_same_versions_of_what_they_share():
    pinned, deep = versions("requirements.txt"), versions("requirements-deep.txt")
    shared = {package for package, _ in pinned} & {package for package, _ in deep}
    assert "numpy" in shared
    assert {pin for pin in pinned if pin[0] in shared} == {pin for pin in deep if pin[0] in shared}


def test_both_files_allow_a_build_of_what_they_share():
    """Installed in one step, a build must be allowed by both."""
    everybody, deep = (
        {(canonicalize_name(pin.name), str(pin.marker)): set(hashes) for pin, hashes in PINS[name]}
        for name in FILES
    )
    shared = everybody.keys() & deep.keys()
    assert ("numpy", "None") in shared
    assert [package for package in shared if everybody[package] != deep[package]] == []


def test_the_extra_deep_is_not_in_the_set_that_everybody_gets():
    everybody = {package for package, _ in versions("requirements.txt")}
    assert everybody.isdisjoint({"keras", "jax", "jaxlib", "onnx", "tensorflow", "torch"})
    assert set(EXTRAS) == {"notebooks", "test", "deep"}


@pytest.mark.parametrize(("name", "text"), WANTED)
def test_dependency_of_the_project_has_a_pin_that_satisfies_it(name, text):
    wanted = Requirement(text)
    package = canonicalize_name(wanted.name)
    found = [
        next(iter(pin.specifier)).version
        for pin, _ in PINS[name]
        if canonicalize_name(pin.name) == package
    ]
    assert found, f"{package} has no pin in {name}"
    assert all(wanted.specifier.contains(version) for version in found)


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
    script = (ROOT / binder.get_post_build_scripts()[0]).read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert f"pip install {environment.COURSE}\n" in script
    assert environment.NEWS in script


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no executable bit and has no bash")
def test_post_build_is_an_executable_script():
    assert os.access(ROOT / "postBuild", os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / "postBuild")], check=True)


# GitHub


def test_one_run_is_full_one_is_for_other_systems_two_are_nightly():
    jobs = {f"{name} {job}" for name, jobs in WORKFLOWS.items() for job in jobs}
    assert jobs == {"test full", "test systems", "nightly all", "nightly offline"}


def test_workflows_run_what_there_is():
    commands = [step["run"].split() for step in STEPS if "run" in step]
    assert [".ci/run"] in commands
    assert ["python", "start.py", "test", "--all", "--deep"] in commands
    assert ["python", "start.py", "test", "--all", "tests/course/test_wheelhouse.py"] in commands
    assert os.access(ROOT / ".ci" / "run", os.X_OK) or os.name == "nt"
    for command in commands:
        if command[:2] == ["python", "start.py"]:
            assert start.command_for(command[2], [], ROOT)
        else:
            assert command[0] in (".ci/run", "command")


def test_workflows_use_actions_of_one_major_version():
    used = {step["uses"] for step in STEPS if "uses" in step}
    assert len({name.partition("@")[0] for name in used}) == len(used) == 2
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


def test_workflows_take_pythons_of_the_course_and_keep_downloads_of_its_pins():
    given = [step["with"] for step in STEPS if "with" in step]
    assert {name for with_ in given for name in ROOT.glob(with_["cache-dependency-path"])} == {
        ROOT / name for name in FILES
    }
    versions = {with_["python-version"] for with_ in given} - {"${{ matrix.python }}"}
    assert versions <= set(environment.VERSIONS)
    matrix = WORKFLOWS["test"]["systems"]["strategy"]["matrix"]
    assert matrix["python"] == [environment.VERSIONS[0], environment.VERSIONS[-1]]


def test_ci_takes_pythons_of_the_course():
    script, oldest, newest = read_text(".ci/run"), environment.OLDEST, environment.NEWEST
    assert f"sys.exit(not {oldest} <= sys.version_info[:2] <= {newest})" in script
    assert re.findall(r"python(3\.\d+)", script) == environment.VERSIONS[::-1]
