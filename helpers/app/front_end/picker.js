// The front end of helpers/picker.py: two places for pictures. Files are sent in chunks, and the
// next one leaves when Python has answered, so that progress is what has arrived.

const PLACES = ["first", "second"];

const hidden = (text) => make("span", { className: "only-read", textContent: text });

// Returns send(files), where files are {file, place}.
function makeUploads(model, progress) {
  const waiting = new Map();
  const listen = (content) => {
    waiting.get(content.id)?.(content);
    waiting.delete(content.id);
  };
  model.on("msg:custom", listen);

  function ask(content, buffers) {
    const answer = new Promise((resolve) => waiting.set(content.id, resolve));
    model.send(content, undefined, buffers);
    return answer;
  }

  async function sendOne({ file, place }) {
    const id = `${Math.random()}`;
    const { name, size } = file;
    const { chunk } = model.get("limits");
    let { bytes } = await ask({ kind: "start", id, place, name, size });
    while (bytes < size) { // when Python refuses, it answers without bytes
      progress(name, bytes / size);
      const part = await file.slice(bytes, bytes + chunk).arrayBuffer();
      ({ bytes } = await ask({ kind: "chunk", id }, [part]));
    }
  }

  async function send(files) {
    model.send({ kind: "begin" });
    const { bytes } = model.get("limits");
    for (const each of files) {
      const { name, size } = each.file;
      try {
        if (size > bytes) throw new Error(`it is larger than ${bytes / 2 ** 20} MB`);
        await sendOne(each);
      } catch (error) {
        tell(model, `${model.get("alert")} ${name} was not read: ${error.message}. Choose another file.`);
      }
    }
    progress();
    model.send({ kind: "done" });
  }

  let last = Promise.resolve();
  return {
    send: (files) => (last = last.then(() => send(files))),
    stop: () => model.off("msg:custom", listen),
  };
}

function tell(model, text) {
  model.set("alert", text);
  model.save_changes();
}

// One file goes to `place`, two go to both in the order of their names.
function placed(files, place) {
  if (files.length === 1) return [{ file: files[0], place }];
  const order = (one, other) => one.name.localeCompare(other.name, undefined, { numeric: true });
  return files.sort(order).map((file, index) => ({ file, place: index }));
}

function makePlace(model, place, take) {
  const name = PLACES[place];
  const image = make("img", { alt: "" });
  const empty = make("span", { textContent: "Drop a picture here" });
  const words = make("p", { className: "words" });
  const input = make("input", {
    type: "file",
    multiple: true,
    className: "only-read",
    accept: model.get("limits").suffixes.join(),
  });
  input.addEventListener("change", () => {
    take([...input.files], place);
    input.value = ""; // the same file may be chosen again
  });
  const choose = make("label", { className: "button" }, "Choose a file", hidden(` as the ${name} picture`), input);
  const folder = makeFolder(model, place);
  const legend = make("legend", { textContent: `${name[0].toUpperCase()}${name.slice(1)} picture` });
  const box = make("fieldset", {}, legend, make("div", { className: "thumbnail" }, image, empty), words, choose, ...folder.nodes);
  box.dataset.place = place;

  function show() {
    const picture = model.get("shown")[place];
    image.hidden = !picture;
    empty.hidden = Boolean(picture);
    words.textContent = picture ? `${picture.name}\n${picture.words}` : "Nothing chosen yet.";
    folder.show(picture);
    if (image.bytes === picture?.thumbnail) return;
    URL.revokeObjectURL(image.src);
    image.bytes = picture?.thumbnail;
    if (!picture) return;
    image.alt = `The ${name} picture: ${picture.name}`;
    image.src = URL.createObjectURL(new Blob([image.bytes]));
  }
  return { box, show };
}

function makeFolder(model, place) {
  const names = model.get("names");
  if (!names.length) return { nodes: [], show() {} };
  const none = make("option", { value: "", textContent: "choose" });
  const options = names.map((name) => make("option", { value: name, textContent: name }));
  const select = make("select", {}, none, ...options);
  select.addEventListener("change", () => {
    if (!select.value) return;
    model.send({ kind: "begin" });
    model.send({ kind: "folder", place, name: select.value });
  });
  const text = `or from the folder ${model.get("folder")} `;
  const row = make("label", { className: "folder" }, text, hidden(`as the ${PLACES[place]} picture`), select);
  const show = (picture) => {
    select.value = names.includes(picture?.name) ? picture.name : "";
  };
  return { nodes: [row], show };
}

const REFUSED = {
  NotAllowedError: "The browser did not allow the camera. Allow it in the address bar, or choose files.",
  NotFoundError: "The browser found no camera. Choose files instead.",
};
const NO_CAMERA = "the browser gives none to pages that are not https or localhost. Choose files instead.";

function makeCamera(model, take) {
  const video = make("video", { autoplay: true, muted: true, playsInline: true });
  video.setAttribute("aria-label", "What the camera sees");
  const shots = PLACES.map((name, place) => button(`Take the ${name} picture`, () => shoot(place)));
  const toggle = button("Use the camera", () => (video.srcObject ? stop() : start()));
  const panel = make("div", { className: "camera", hidden: true }, video, make("div", { className: "toolbar" }, ...shots));

  async function start() {
    const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
    try {
      if (!navigator.mediaDevices) throw new Error(NO_CAMERA);
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted });
      model.send({ kind: "begin" });
    } catch (error) {
      tell(model, REFUSED[error.name] ?? `The camera cannot be used: ${error.message}`);
    }
    show();
  }

  function stop() {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    show();
  }

  function show() {
    panel.hidden = !video.srcObject;
    toggle.textContent = video.srcObject ? "Stop the camera" : "Use the camera";
  }

  function shoot(place) {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width) return; // it has not begun
    const canvas = make("canvas", { width, height });
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      take([new File([blob], `camera, ${PLACES[place]}.png`)], place);
      if (place === 1) {
        stop();
        toggle.focus(); // the button that had it is gone
      }
    }, "image/png");
  }
  return { toggle, panel, stop };
}

function acceptDrops(el, model, take) {
  const mark = (over) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would open the file
    el.classList.toggle("over", over);
  };
  el.addEventListener("dragenter", mark(true));
  el.addEventListener("dragover", mark(true));
  el.addEventListener("dragleave", mark(false));
  el.addEventListener("drop", (event) => {
    mark(false)(event);
    const free = model.get("shown").findIndex((picture) => !picture);
    const under = event.target.closest("fieldset")?.dataset.place;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) take(files, Number(under ?? (free < 0 ? 1 : free)));
  });
}

function render({ model, el }) {
  const bar = make("progress", { max: 1 });
  const words = make("span");
  const loading = make("p", { className: "loading", hidden: true }, bar, words);
  loading.setAttribute("role", "status");
  bar.setAttribute("aria-label", "Part of the file that has arrived");
  const uploads = makeUploads(model, (name, part) => {
    loading.hidden = name === undefined;
    bar.value = part ?? 0;
    words.textContent = name === undefined ? "" : ` Reading ${name}`;
  });

  function take(files, place) {
    if (files.length > 2) tell(model, `These are ${files.length} files. Give one or two.`);
    else if (files.length) uploads.send(placed(files, place));
  }
  const places = [0, 1].map((place) => makePlace(model, place, take));
  const camera = makeCamera(model, take);
  const swap = button("Swap the two", () => {
    model.send({ kind: "begin" });
    model.send({ kind: "swap" });
  });
  const alert = spoken("alert", "alert");
  const megabytes = model.get("limits").bytes / 2 ** 20;
  const hint = make("p", {
    textContent:
      `Drop one or two pictures here, or choose them: PNG, JPEG, WebP, BMP, TIFF or GIF, up to ${megabytes} MB. ` +
      "Two at once are taken in the order of their names. No file is written; the pictures stay in memory.",
  });

  function show() {
    places.forEach((place) => place.show());
    swap.disabled = !model.get("shown").some(Boolean);
    alert.textContent = model.get("alert");
    alert.hidden = !alert.textContent;
  }
  prepare(el, "own", "picker");
  acceptDrops(el, model, take);
  const toolbar = make("div", { className: "toolbar" }, swap, camera.toggle);
  el.append(hint, make("div", { className: "places" }, ...places.map(({ box }) => box)), toolbar, camera.panel, loading, alert);
  model.on("change", show);
  show();
  return () => {
    model.off("change", show);
    uploads.stop();
    camera.stop();
  };
}

export default { render };
