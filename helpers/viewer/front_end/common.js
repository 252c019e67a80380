// Used by all the widgets; stands before each of their files.

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(text, press) {
  const made = make("button", { type: "button", textContent: text });
  made.addEventListener("click", press);
  return made;
}

// A line that screen readers read out when it changes; an alert at once.
function spoken(role, className = "") {
  const line = make("p", { className });
  line.setAttribute("role", role);
  return line;
}

// The element of a widget, whose keys are not for JupyterLab's cells.
function prepare(el, ...classes) {
  el.classList.add("course-widget", ...classes);
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
}
