// The front end of helpers/explorer.py. Its controls are the browser's own, so that the keyboard
// and screen readers work. A control moves a slider or sets `view` or `chosen`; Python answers with `frame`
// (words and boxes) and `pictures` (files, those of the view).

const BLINK = 500; // milliseconds a picture stands: far slower than what can harm (WCAG 2.3.1)
const SVG = "http://www.w3.org/2000/svg";

function slider({ label, unit, low, high, step }, moved) {
  const decimals = (String(step).split(".")[1] ?? "").length;
  const range = make("input", { type: "range", min: low, max: high, step });
  const output = make("output");
  const show = (value) => {
    range.value = value;
    output.textContent = Number(value).toFixed(decimals);
    range.setAttribute("aria-valuetext", `${output.textContent} ${unit}`);
  };
  range.addEventListener("input", () => {
    show(range.value);
    moved(Number(range.value));
  });
  const name = make("span", { textContent: unit ? `${label}, ${unit}` : label });
  return { row: make("label", { className: "slider" }, name, range, output), show };
}

function radios(legend, options, chosen, choose) {
  const name = `view-${Math.random()}`;
  const labels = options.map((value) => {
    const radio = make("input", { type: "radio", name, checked: value === chosen });
    radio.addEventListener("change", () => choose(value));
    return make("label", {}, radio, ` ${value}`);
  });
  return make("fieldset", {}, make("legend", { textContent: legend }), ...labels);
}

function outlines(boxes, region) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", region.join(" "));
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true"); // the list of boxes says it in words
  for (const box of boxes) {
    const rect = document.createElementNS(SVG, "rect");
    ["x", "y", "width", "height"].forEach((name, place) => rect.setAttribute(name, box[place]));
    svg.append(rect);
  }
  return svg;
}

// Pictures of one pair, side by side or on top of each other.
function makeStage(model) {
  const stage = make("div", { className: "stage" });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { position: 50, outlined: true, paused: still, second: false };
  let figures = {};
  let timer;

  function build(names) {
    stage.dataset.view = model.get("view");
    figures = Object.fromEntries(
      names.map((name) => {
        const holder = make("div", {}, make("img"));
        const caption = make("figcaption", { textContent: name });
        return [name, make("figure", {}, holder, ...(model.get("view") ? [caption] : []))];
      })
    );
    stage.replaceChildren(...Object.values(figures));
  }

  function load(name, bytes) {
    const image = figures[name].querySelector("img");
    image.alt = model.get("frame").alts[name];
    if (image.bytes === bytes) return;
    URL.revokeObjectURL(image.src);
    image.bytes = bytes;
    image.src = URL.createObjectURL(new Blob([bytes]));
  }

  function draw() {
    const pictures = model.get("pictures");
    const names = Object.keys(pictures);
    const other = names.join() !== Object.keys(figures).join();
    if (other || stage.dataset.view !== model.get("view")) build(names);
    const { boxes, region } = model.get("frame");
    for (const [name, bytes] of Object.entries(pictures)) {
      load(name, bytes);
      figures[name].querySelector("svg")?.remove();
      if (boxes && state.outlined) figures[name].firstChild.append(outlines(boxes, region));
    }
    lay();
    clearInterval(timer);
    if (model.get("view") === "blink" && !state.paused) timer = setInterval(turn, BLINK);
  }

  function turn() {
    state.second = !state.second;
    lay();
  }

  function lay() {
    const { view } = stage.dataset;
    const upper = stage.children[1];
    if (!upper || view === "side by side") return;
    const { position, second } = state;
    upper.style.clipPath = view === "swipe" ? `inset(0 0 0 ${position}%)` : "";
    upper.style.opacity = view === "onion skin" ? position / 100 : 1;
    upper.style.visibility = view === "blink" && !second ? "hidden" : "";
  }

  stage.addEventListener("pointermove", ({ buttons, clientX }) => {
    const { left, width } = stage.getBoundingClientRect();
    if (buttons) stage.dispatchEvent(new CustomEvent("swiped", { detail: (100 * (clientX - left)) / width }));
  });
  return { stage, state, draw, lay, stop: () => clearInterval(timer) };
}

function makeViews(model, change) {
  const { stage, state, draw, lay, stop } = makeStage(model);
  const place = slider({ label: "position", unit: "%", low: 0, high: 100, step: 1 }, (value) => {
    state.position = value;
    lay();
  });
  stage.addEventListener("swiped", ({ detail }) => {
    state.position = Math.min(Math.max(detail, 0), 100);
    place.show(state.position);
    lay();
  });
  const pause = button("", () => {
    state.paused = !state.paused;
    show();
  });
  const outlined = make("input", { type: "checkbox", checked: true });
  outlined.addEventListener("change", () => {
    state.outlined = outlined.checked;
    draw();
  });
  const views = model.get("views");
  const toolbar = make(
    "div",
    { className: "toolbar" },
    radios("View", views, model.get("view"), (view) => change("view", view)),
    make("label", {}, outlined, " boxes"),
    pause,
    place.row
  );

  function show() {
    const view = model.get("view");
    pause.hidden = view !== "blink";
    pause.textContent = state.paused ? "Blink" : "Pause";
    place.row.hidden = view !== "swipe" && view !== "onion skin";
    place.show(state.position);
    draw();
  }
  return { stage, show, stop, controls: views.length ? [toolbar] : [] };
}

// A button for each box, which zooms into it, and one to see the whole again.
function makeList(model, change) {
  const list = make("ol");
  const whole = button("Whole picture", () => change("chosen", -1));
  let listed;

  function show() {
    const { boxes } = model.get("frame");
    if (JSON.stringify(boxes) !== listed) {
      listed = JSON.stringify(boxes);
      const buttons = boxes.map(([x, y, width, height], index) =>
        button(`x ${x}, y ${y}, ${width} × ${height} pixels`, () => change("chosen", index))
      );
      list.replaceChildren(...buttons.map((made) => make("li", {}, made)));
    }
    [whole, ...list.querySelectorAll("button")].forEach((made, place) =>
      made.setAttribute("aria-pressed", String(place - 1 === model.get("chosen")))
    );
  }
  const title = make("p", { textContent: "Boxes: choose one to zoom in" });
  return { show, nodes: [make("div", { className: "boxes" }, title, whole, list)] };
}

// Sends moves of the sliders. Two at most are on their way, so that Python has the next one when it
// has answered the last; of those that come meanwhile only the newest is kept.
function makeMoves(model) {
  const sent = new Set();
  let waiting;

  function flush() {
    if (!waiting || sent.size >= 2) return;
    const number = Math.random();
    sent.add(number);
    model.send({ values: waiting, number });
    waiting = undefined;
  }

  function listen({ answered }) {
    sent.delete(answered);
    flush();
  }

  function move(values) {
    waiting = values;
    flush();
  }
  model.on("msg:custom", listen);
  return { move, moving: () => sent.size > 0, stop: () => model.off("msg:custom", listen) };
}

function render({ model, el }) {
  const change = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const moves = makeMoves(model);
  let values = [...model.get("values")]; // where the sliders stand here; Python may be behind
  const sliders = model.get("sliders").map((settings, place) =>
    slider(settings, (value) => {
      values[place] = value;
      moves.move([...values]);
    })
  );
  const reset = button("Reset", () => {
    values = model.get("sliders").map(({ initial }) => initial);
    moves.move([...values]);
  });
  const reading = spoken("status", "reading");
  const views = makeViews(model, change);
  const list = model.get("views").length ? makeList(model, change) : { show() {}, nodes: [] };

  function show() {
    if (!moves.moving()) values = [...model.get("values")];
    values.forEach((value, place) => sliders[place].show(value));
    const words = model.get("frame").reading;
    if (words !== reading.textContent) reading.textContent = words; // else it would be read again
    views.show();
    list.show();
  }
  const rows = sliders.map(({ row }) => row);
  prepare(el, "explorer");
  el.append(...rows, ...(rows.length ? [reset] : []), ...views.controls, reading, views.stage, ...list.nodes);
  model.on("change", show);
  show();
  return () => {
    model.off("change", show);
    moves.stop();
    views.stop();
  };
}

export default { render };
