"""Each seeded fault of tests/mutation_list.py is seen by its test."""

import pytest
from mutation_list import MUTATIONS, Mutation
from mutations import check_green, copy_course, make, mutated

every_mutation = pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a copy of the course, to be broken."""
    return copy_course(tmp_path_factory.mktemp("mutations"))


@pytest.fixture(scope="module")
def green_course(course):
    check_green(course, MUTATIONS)
    return course


@every_mutation
def test_it_can_be_made(mutation: Mutation, course):
    path = course / mutation.file
    before = path.read_bytes()
    with mutated(course, mutation):
        assert not path.exists() or path.read_bytes() != before
    assert path.read_bytes() == before


@pytest.mark.full
@every_mutation
def test_it_is_red(mutation: Mutation, green_course):
    red, said = make(green_course, mutation)
    if not red and "passed" not in said:  # its test is skipped: there is no browser here
        pytest.skip(said)
    assert red, said
