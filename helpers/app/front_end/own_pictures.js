// The front end of the class Actions in helpers/own_pictures.py: an alert, notes, and buttons.
// Python may answer a button with a file, which the browser then saves.

function save({ name, type }, bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may still be reading
}

function render({ model, el }) {
  const alert = spoken("alert", "alert");
  const notes = make("ul");
  const row = make("div", { className: "toolbar" });
  const status = spoken("status");
  let asked = false; // another view of the same page may have asked

  let listed;

  function press(name) {
    asked = true;
    status.textContent = "One moment.";
    model.send({ button: name });
  }

  // The buttons are kept while they stay the same: one of them may have the focus.
  function showButtons() {
    const names = model.get("buttons");
    if (names.join("\n") === listed) return;
    listed = names.join("\n");
    status.textContent = "";
    const buttons = names.map((name) => button(name, () => press(name)));
    row.replaceChildren(...(names.length ? [model.get("label"), ...buttons] : []));
  }

  function show() {
    alert.textContent = model.get("alert");
    alert.hidden = !alert.textContent;
    notes.replaceChildren(...model.get("notes").map((textContent) => make("li", { textContent })));
    notes.hidden = !notes.children.length;
    showButtons();
  }

  function listen(content, buffers) {
    status.textContent = content.name ? `${content.name} is ready.` : "";
    if (asked && content.name) save(content, buffers[0]);
    asked = false;
  }
  prepare(el, "own");
  el.append(alert, notes, row, status);
  model.on("change", show);
  model.on("msg:custom", listen);
  show();
  return () => {
    model.off("change", show);
    model.off("msg:custom", listen);
  };
}

export default { render };
