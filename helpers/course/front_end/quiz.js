// The front end of helpers/quiz.py. It is a form of the browser's own radio buttons for each
// question. Arrow keys move among radio buttons and choose at the same time, so an answer counts
// only when it is checked, by the button or by Enter.

// Text in which `code` stands between backticks.
function rich(text) {
  return text.split("`").map((part, place) => (place % 2 ? make("code", { textContent: part }) : part));
}

function makeCard({ ask, code, choices, lesson }, number, checked) {
  const name = `quiz-${Math.random()}`; // groups the radio buttons
  const labels = choices.map(({ text }, value) =>
    make("label", {}, make("input", { type: "radio", name, value }), make("span", {}, ...rich(text)))
  );
  const legend = make("legend", {}, `${number}. `, ...rich(ask));
  const group = make("fieldset", {}, legend);
  if (code) {
    group.append(make("pre", { id: name }, make("code", { textContent: code.trim() })));
    group.setAttribute("aria-describedby", name);
  }
  group.append(...labels);
  const checkButton = make("button", { textContent: "Check" });
  checkButton.setAttribute("aria-label", `Check answer ${number}`);
  const feedback = spoken("status", "feedback");
  const form = make("form", {}, group, checkButton, feedback);
  const card = { form, lesson, first: undefined, reset };

  function clear() {
    feedback.replaceChildren();
    labels.forEach((label) => delete label.dataset.verdict);
  }

  function reset() {
    card.first = undefined;
    form.reset();
    clear();
  }

  form.addEventListener("change", clear);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = new FormData(form).get(name);
    if (value === null) {
      feedback.textContent = "Choose an answer first.";
      return;
    }
    const { right, why } = choices[value];
    card.first ??= Boolean(right);
    labels[value].dataset.verdict = right ? "right" : "wrong";
    const verdict = make("strong", { textContent: right ? "Right." : "Not this one." });
    const hint = right ? "" : ` Choose again; lesson ${lesson} is about this.`;
    feedback.replaceChildren(verdict, " ", ...rich(why), hint);
    checked();
  });
  return card;
}

function scoreLine(cards) {
  const answered = cards.filter(({ first }) => first !== undefined);
  const wrong = answered.filter(({ first }) => !first);
  const right = answered.length - wrong.length;
  const line = `${answered.length} of ${cards.length} answered, ${right} right at the first try.`;
  if (answered.length < cards.length || !wrong.length) return line;
  const lessons = [...new Set(wrong.map(({ lesson }) => lesson))];
  return `${line} Worth another look: lesson${lessons.length > 1 ? "s" : ""} ${lessons.join(", ")}.`;
}

function render({ model, el }) {
  const score = spoken("status", "score");
  const show = () => {
    score.textContent = scoreLine(cards);
  };
  const cards = model.get("questions").map((question, place) => makeCard(question, place + 1, show));
  const again = button("Try again", () => {
    cards.forEach(({ reset }) => reset());
    show();
    cards[0].form.querySelector("input").focus();
  });
  prepare(el, "quiz");
  el.append(...cards.map(({ form }) => form), score, again);
  show();
}

export default { render };
