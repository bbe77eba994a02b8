// Sends photos one by one, a few at a time. Each file has a key that stays the same however often it
// is sent, so that a repeat after a lost line is the same upload and not a second photo.

const PARALLEL = 3;
const AGAIN_AFTER_MS = [1_000, 3_000, 8_000, 20_000];

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const section = document.querySelector("[data-sent]");
const list = section.querySelector("[data-files]");
const template = document.querySelector("template[data-file]");
const stop = section.querySelector("[data-stop]");
const maxBytes = Number(form.dataset.maxBytes);
const maxCount = Number(form.dataset.maxCount);

const all = section.querySelector("[data-all]");
const estimate = section.querySelector("[data-estimate]");
const SENT = 0.5; // How much of the way a photo has gone when it is sent.
const DONE = ["ready", "duplicate", "view", "failed", "refused"];
const ESTIMATE_AFTER_MS = 3_000;

const waiting = [];
const sending = new Set();
const previews = new Map();
let startedAt = 0;

// `crypto.randomUUID` exists only on secure origins; this also works on a phone in the home network.
function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function addFiles(files) {
  section.hidden = false;
  if (all.hidden) startedAt = Date.now();
  for (const [index, file] of [...files].entries()) {
    const upload = { file, key: makeKey(), tries: 0, row: makeRow(file), timer: 0 };
    upload.row.querySelector("[data-again]").addEventListener("click", () => queue(upload));
    upload.row.querySelector("[data-remove]").addEventListener("click", () => remove(upload));
    const fault = findFault(file, index);
    if (fault) refuse(upload, fault, { again: false });
    else queue(upload);
  }
  count();
}

function findFault(file, index) {
  if (index >= maxCount) return `We take ${maxCount} photos at a time. Add this one when the others are sent.`;
  if (file.size === 0) return "This file is empty. Choose the photo once more.";
  if (file.size > maxBytes) return `This file has ${megabytes(file.size)}, and we take up to ${megabytes(maxBytes)}. Send a smaller copy of the photo.`;
  return "";
}

function megabytes(bytes) {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function makeRow(file) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".file__name").textContent = file.name;
  row.querySelector("[data-size]").textContent = megabytes(file.size);
  list.prepend(row);
  showPreview(row, file);
  return row;
}

// Not every browser shows every format: then the icon stays.
function showPreview(row, file) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  image.alt = "";
  image.addEventListener("load", () => {
    URL.revokeObjectURL(url);
    row.querySelector(".photo").replaceChildren(image);
  });
  image.addEventListener("error", () => URL.revokeObjectURL(url));
  image.src = url;
}

function queue(upload) {
  clearTimeout(upload.timer);
  upload.row.classList.remove("is-bad");
  upload.row.dataset.state = "waiting";
  show(upload, "Waiting to be sent.");
  waiting.push(upload);
  sendNext();
}

function sendNext() {
  while (sending.size < PARALLEL && waiting.length) send(waiting.shift());
  stop.hidden = waiting.length + sending.size === 0;
}

function send(upload) {
  const request = new XMLHttpRequest();
  upload.request = request;
  sending.add(upload);
  const body = new FormData();
  body.append("upload_key", upload.key);
  body.append("photos", upload.file, upload.file.name);
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.upload.addEventListener("progress", (event) => showProgress(upload, event));
  request.addEventListener("load", () => settle(upload, () => answered(upload, request)));
  request.addEventListener("error", () => settle(upload, () => lost(upload)));
  request.addEventListener("timeout", () => settle(upload, () => lost(upload)));
  request.addEventListener("abort", () => settle(upload, () => refuse(upload, "Stopped. Nothing was added.")));
  upload.row.dataset.state = "sending";
  show(upload, "Sending.", 0);
  request.send(body);
}

function settle(upload, finish) {
  sending.delete(upload);
  finish();
  sendNext();
  count();
}

function showProgress(upload, event) {
  if (!event.lengthComputable) return;
  const percent = Math.floor((100 * event.loaded) / event.total);
  show(upload, percent < 100 ? `Sending, ${percent}%` : "Sent. Waiting for the answer.", percent);
  count();
}

function answered(upload, request) {
  const isRow = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
  if (isRow && request.status < 300 && !request.responseURL.endsWith(new URL(form.action).pathname)) {
    location.reload(); // The session ended: this is the sign-in page.
  } else if (isRow && request.status < 300) {
    const row = document.createRange().createContextualFragment(request.responseText).querySelector("li");
    keepPreview(upload.row, row);
    upload.row.replaceWith(row);
    htmx.process(row);
    settleRow(row);
  } else if (request.status >= 500 || request.status === 0) {
    lost(upload);
  } else if (request.status === 429) {
    refuse(upload, "Too many photos within an hour. Send this one later.");
  } else {
    const words = isRow ? "It could not be sent. Load this page again, then add the photo." : request.responseText;
    refuse(upload, words, { again: request.status === 409 });
    if (request.status === 409) upload.key = makeKey();
  }
}

// Until the server has made its own picture, however often the row is fetched again.
function keepPreview(before, after) {
  const preview = before.querySelector(".photo img");
  if (preview) previews.set(after.dataset.photo, preview);
  restorePreview(after);
}

function restorePreview(row) {
  const preview = previews.get(row.dataset.photo);
  const figure = row.querySelector("figure.photo");
  if (preview && figure && !figure.querySelector("img")) figure.replaceChildren(preview);
}

// The bell may have rung before the row was there to hear it.
function settleRow(row) {
  if ("working" in row.dataset) setTimeout(() => row.isConnected && htmx.trigger(row, "photo-changed"), 1_500);
}

function lost(upload) {
  const wait = AGAIN_AFTER_MS[upload.tries++];
  if (wait === undefined) {
    refuse(upload, "The line dropped. Nothing is lost: try again when you are back.");
    return;
  }
  upload.row.dataset.state = "waiting";
  show(upload, "The line dropped. Sending again by itself.");
  upload.timer = setTimeout(() => queue(upload), wait * (0.5 + Math.random()));
}

function refuse(upload, words, { again = true } = {}) {
  upload.row.classList.add("is-bad");
  upload.row.dataset.state = "refused";
  show(upload, words);
  upload.row.querySelector("[data-again]").hidden = !again;
  upload.row.querySelector("[data-remove]").hidden = false;
}

function show(upload, words, percent = null) {
  const bar = upload.row.querySelector("progress");
  bar.hidden = percent === null;
  bar.value = percent ?? 0;
  bar.setAttribute("aria-label", upload.file.name);
  upload.row.querySelector("[data-say]").textContent = words;
  for (const button of upload.row.querySelectorAll("[data-again], [data-remove]")) button.hidden = true;
}

function remove(upload) {
  clearTimeout(upload.timer);
  upload.row.remove();
  count();
}

function stopAll() {
  for (const upload of waiting.splice(0)) refuse(upload, "Stopped. Nothing was added.");
  for (const upload of [...sending]) upload.request.abort();
  stop.hidden = true;
}

// One sentence for eyes and one for ears, after whatever changed.
function count() {
  const total = list.children.length;
  const ready = list.querySelectorAll(':is([data-state="ready"], [data-state="duplicate"], [data-state="view"])').length;
  const bad = list.querySelectorAll(".is-bad").length;
  const words = `${total} photo${total === 1 ? "" : "s"}, ${ready} ready`;
  section.querySelector("[data-count]").textContent = words;
  const said = section.querySelector("[data-said]");
  const sentence = `${words}.${bad ? ` ${bad} could not be read.` : ""}`;
  if (said.textContent !== sentence) said.textContent = sentence;
  showAll(total, ready);
}

// One bar for all of them, and how long it may take by how long it took so far.
function showAll(total, ready) {
  const rows = [...list.children];
  const gone = rows.reduce((sum, row) => sum + howFar(row), 0);
  const left = rows.filter((row) => !DONE.includes(row.dataset.state)).length;
  all.hidden = left === 0;
  all.value = total ? (100 * gone) / total : 0;
  all.textContent = `${ready} of ${total}`;
  const passed = Date.now() - startedAt;
  const enough = left > 0 && total > left && passed > ESTIMATE_AFTER_MS;
  estimate.hidden = !enough;
  estimate.textContent = enough ? `About ${duration((passed / (total - left)) * left)} to go.` : "";
}

function howFar(row) {
  if (DONE.includes(row.dataset.state)) return 1;
  const bar = row.querySelector("progress");
  return bar ? (SENT * bar.value) / 100 : SENT;
}

function duration(ms) {
  const seconds = Math.ceil(ms / 5_000) * 5;
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return `${minutes} minute${minutes === 1 ? "" : "s"}`;
}

function refresh() {
  for (const row of list.querySelectorAll("[data-photo]")) restorePreview(row);
  count();
}

input.required = false;
input.addEventListener("change", () => {
  addFiles(input.files);
  input.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());
stop.addEventListener("click", stopAll);
list.addEventListener("htmx:afterSwap", refresh);
document.addEventListener("htmx:afterSettle", refresh);
addEventListener("online", () => {
  for (const row of list.querySelectorAll('.is-bad [data-again]:not([hidden])')) row.click();
});

// Dropping anywhere on the page counts, so that a near miss does not open the picture instead.
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.add("is-over");
});
addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("is-over"));
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.remove("is-over");
  addFiles(event.dataTransfer.files);
});
addEventListener("beforeunload", (event) => {
  if (waiting.length + sending.size) event.preventDefault();
});
