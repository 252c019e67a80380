"""The quiz in a page without Jupyter: what it does, it does without a kernel."""

import contextlib
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.course.quizzes import load_questions, quiz

every_quiz = pytest.mark.parametrize("name", ["recipe", "real_pictures", "other_ways"])


def places(name: str) -> list[int]:
    """Where the right choices stand."""
    return [
        [choice["right"] for choice in question["choices"]].index(True)
        for question in load_questions(name)
    ]


PAGE = """
<main><h1>Quiz</h1><div id="here"></div></main>
<script type="module">
  const code = new Blob([%s], { type: "text/javascript" });
  const { default: widget } = await import(URL.createObjectURL(code));
  const model = { get: () => %s };
  widget.render({ model, el: document.getElementById("here") });
</script>
"""


@contextlib.contextmanager
def page_with(name, browser):
    shown = quiz(name)
    page = browser.new_page(viewport={"width": 800, "height": 900})
    page.set_content(PAGE % (json.dumps(shown._esm), json.dumps(shown.questions)))
    page.add_style_tag(content=shown._css)
    page.wait_for_selector(".quiz .score")
    yield page
    page.close()


def answer(page, question: int, place: int) -> str:
    """Answer by keyboard alone; returns the explanation."""
    form = page.locator("form").nth(question)
    form.locator("input").first.focus()
    page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    assert form.get_by_role("status").inner_text() == ""  # an arrow key is no answer
    page.keyboard.press("Enter")
    return form.get_by_role("status").inner_text()


def plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


@every_quiz
def test_each_choice_is_explained_and_the_first_answer_counts(name, browser):
    questions = load_questions(name)
    with page_with(name, browser) as page:
        score = page.locator(".score")
        for number, question in enumerate(questions):
            for place, choice in enumerate(question["choices"]):
                start = "Right." if choice["right"] else "Not this one."
                told = plain(answer(page, number, place))
                assert told.startswith(f"{start} {plain(choice['why'])}")
                assert (f"lesson {question['lesson']}" in told) == (start != "Right.")
            right = places(name)[: number + 1].count(0)
            line = f"{number + 1} of {len(questions)} answered, {right} right at the first try."
            assert score.inner_text().startswith(line)
        assert "Worth another look: lessons " in score.inner_text()


@every_quiz
def test_all_right_then_try_again(name, browser):
    with page_with(name, browser) as page:
        for number, place in enumerate(places(name)):
            answer(page, number, place)
        count = len(places(name))
        line = f"{count} of {count} answered, {count} right at the first try."
        assert page.locator(".score").inner_text() == line
        page.get_by_role("button", name="Try again").press("Enter")
        assert page.locator(".score").inner_text().startswith(f"0 of {count}")
        assert page.locator("input:checked, [data-verdict]").count() == 0
        assert page.locator("input").first.evaluate("e => e === document.activeElement")


def test_nothing_chosen_is_said_and_not_counted(browser):
    with page_with("recipe", browser) as page:
        page.get_by_role("button", name="Check answer 1").click()
        assert page.get_by_role("status").first.inner_text() == "Choose an answer first."
        assert page.locator(".score").inner_text().startswith("0 of")


def test_keys_stay_in_the_quiz(browser):
    with page_with("recipe", browser) as page:
        page.evaluate(
            "() => { document.body.onkeydown = () => { document.body.dataset.taken = 1; }; }"
        )
        answer(page, 0, 1)
        assert page.locator("body[data-taken]").count() == 0
        page.locator("h1").evaluate("e => { e.tabIndex = 0; e.focus(); }")
        page.keyboard.press("d")
        assert page.locator("body[data-taken]").count() == 1


@every_quiz
def test_axe_finds_nothing_and_targets_are_large(name, browser):
    with page_with(name, browser) as page:
        answer(page, 0, 0)
        answer(page, 1, places(name)[1])
        assert Axe().run(page, context=".quiz").response["violations"] == []
        boxes = [target.bounding_box() for target in page.locator("label, button").all()]
        assert min(min(box["width"], box["height"]) for box in boxes) >= 44
