// The page of photos on their way. They are put into the queue of this device first, then sent, a few at a time: a
// reload or a closed tab loses none. What the server has got is shown by tiles of its own (photos.js keeps them fresh).

const PARALLEL = 3;
const AGAIN_AFTER_MS = [1_000, 3_000, 8_000, 20_000];
const LATER_MS = 30_000;
const DONE = ["ready", "duplicate", "view", "failed", "asking", "repeat"];
const WANTS_A_WORD = ["failed", "asking"];
const ESTIMATE_AFTER_MS = 3_000;
const SENT = 0.5; // How much of the way a photo has gone when it is sent.

const queue = self.photoQueue;
const { findFault, megabytes, duration, tellProgress } = self.uploadWords;
const channel = "BroadcastChannel" in self ? new BroadcastChannel("photos") : null;
const page = document.querySelector("[data-upload-page]");
const form = page.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const pause = page.querySelector("[data-pause]");
const onTheirWay = page.querySelector("[data-on-their-way]");
const tiles = page.querySelector("[data-tiles]");
const untaken = page.querySelector("[data-untaken]");
const rows = untaken.querySelector("[data-files]");
const all = page.querySelector("[data-all]");
const said = page.querySelector("[data-said]");
const { account, login } = document.body.dataset;
const limits = { bytes: Number(page.dataset.maxBytes), count: Number(page.dataset.maxCount) };

let { batch } = page.dataset;
let isPaused = false;
let sending = 0;
let startedAt = 0;
let doneAtStart = 0;
const keeping = new Set(); // Chosen, and not yet kept on the device.
const waiting = [];
const sent = new Map(); // Of photos that are kept here until the server has a picture: their keys, by their ids.
const previews = new Map(); // By the photo's id: until the server has made its own picture.
const words = new Map(); // The state in which each photo was last seen.

// Choosing

async function addFiles(files) {
  nameBatch();
  begin();
  const chosen = [...files].map((file, index) => ({ item: makeItem(file), fault: findFault(file, index, limits) }));
  for (const { item, fault } of chosen) {
    if (fault) {
      Object.assign(item, { state: "refused", words: fault, again: false });
      showRefused(item);
    } else {
      const upload = { item, tries: 0, tile: makeTile(item) };
      keeping.add(upload);
      upload.isKept = await queue.put(item);
      keeping.delete(upload);
      waiting.push(upload);
      sendNext();
    }
  }
  if (waiting.length) askForSync();
  count();
}

function nameBatch() {
  batch ||= queue.makeKey();
  const address = new URL(location.href);
  address.searchParams.set("batch", batch);
  history.replaceState(history.state, "", address);
}

function begin() {
  onTheirWay.hidden = false;
  form.querySelector("[data-choose]").textContent = gettext("More photos");
  form.querySelector(".button").classList.remove("button--primary");
  page.querySelector("[data-end]")?.remove();
  if (!startedAt) doneAtStart = tally().done;
  startedAt ||= Date.now();
}

function makeItem(file) {
  return { key: queue.makeKey(), account, batch, name: file.name, size: file.size, file, state: "waiting", addedAt: Date.now() };
}

// Tiles of photos that are not sent yet, and rows of those that were not taken

function makeTile(item) {
  const tile = page.parentElement.querySelector("template[data-tile]").content.firstElementChild.cloneNode(true);
  tile.dataset.key = item.key;
  tiles.append(tile);
  say(tile, interpolate(gettext("%(name)s: waiting to be sent"), item, true));
  showPreview(tile, item.file, (image) => tile.prepend(image));
  return tile;
}

// Not every browser shows every format: then the mat stays empty.
function showPreview(owner, file, place) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  image.alt = "";
  image.addEventListener("load", () => {
    URL.revokeObjectURL(url);
    if (owner.isConnected) place(image);
  });
  image.addEventListener("error", () => URL.revokeObjectURL(url));
  image.src = url;
}

function say(tile, sentence) {
  tile.querySelector("[data-say]").textContent = sentence;
}

function showRefused(item) {
  untaken.hidden = false;
  const row = page.parentElement.querySelector("template[data-file]").content.firstElementChild.cloneNode(true);
  row.dataset.key = item.key;
  row.querySelector(".file__name").textContent = item.name;
  row.querySelector("[data-size]").textContent = megabytes(item.size);
  row.querySelector("[data-say]").textContent = item.words;
  row.querySelector("[data-again]").hidden = !item.again;
  row.querySelector("[data-again]").addEventListener("click", () => sendAgain(item, row));
  row.querySelector("[data-remove]").addEventListener("click", () => drop(item, row));
  showPreview(row, item.file, (image) => row.querySelector(".photo").replaceChildren(image));
  rows.append(row);
}

function closeRow(row) {
  row.remove();
  untaken.hidden = rows.children.length === 0;
  count();
}

async function sendAgain(item, row) {
  closeRow(row);
  item.state = "waiting";
  const upload = { item, tries: 0, tile: makeTile(item), isKept: await queue.put(item) };
  begin();
  waiting.push(upload);
  sendNext();
  count();
}

async function drop(item, row) {
  await queue.remove(item.key);
  closeRow(row);
}

// Sending

function sendNext() {
  while (!isPaused && sending < PARALLEL && waiting.length) {
    const upload = waiting.shift();
    sending += 1;
    Promise.resolve(queue.hold(upload.item.key, () => send(upload))).finally(() => {
      sending -= 1;
      sendNext();
      count();
    });
  }
}

function send(upload) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => showProgress(upload, event));
    request.addEventListener("loadend", () => resolve(answered(upload, request)));
    upload.tile.className = "is-going";
    upload.tile.dataset.state = "sending";
    say(upload.tile, interpolate(gettext("%(name)s: on its way"), upload.item, true));
    request.send(queue.makeBody(upload.item, form.elements.csrfmiddlewaretoken.value));
  });
}

function showProgress(upload, event) {
  if (!event.lengthComputable) return;
  const bar = upload.tile.querySelector("progress");
  const percent = Math.floor((100 * event.loaded) / event.total);
  Object.assign(bar, { hidden: false, value: percent });
  bar.setAttribute("aria-label", interpolate(gettext("%(name)s, on its way"), upload.item, true));
  count();
}

async function answered(upload, request) {
  const { item, tile } = upload;
  const verdict = queue.judge({
    status: request.status,
    type: request.getResponseHeader("Content-Type"),
    isSignIn: Boolean(request.responseURL) && new URL(request.responseURL).pathname === login,
    text: request.responseText,
  });
  if (verdict.state === "signed-out") location.reload();
  if (verdict.state === "lost") later(upload);
  if (verdict.state === "refused") {
    await queue.refuse(item, verdict);
    tile.remove();
    showRefused(item);
  }
  if (verdict.state === "sent") {
    await keepForItsPicture(item, request.responseText);
    channel?.postMessage({ key: item.key, html: request.responseText, batch: item.batch });
    takeTile(tile, request.responseText);
  }
}

const readTile = (html) => document.createRange().createContextualFragment(html).querySelector("li");

// A photo that was sent stays on the device until the server has a picture of it, also over a reload.
async function keepForItsPicture(item, html) {
  const { photo } = readTile(html).dataset;
  await queue.put(Object.assign(item, { state: "sent", photo }));
  sent.set(photo, item.key);
}

function takeTile(before, html) {
  const after = readTile(html);
  const preview = before.querySelector("img");
  if (preview) previews.set(after.dataset.photo, preview);
  const twin = tiles.querySelector(`[data-photo="${CSS.escape(after.dataset.photo)}"]`);
  if (twin && twin !== before) before.remove(); // Chosen twice: one tile.
  else before.replaceWith(after);
  htmx.process(after);
  seen();
  // The bell may have rung before the tile was there to hear it.
  if ("working" in after.dataset) setTimeout(() => after.isConnected && htmx.trigger(after, "photo-changed"), 1_500);
}

function later(upload) {
  const wait = AGAIN_AFTER_MS[upload.tries++] ?? LATER_MS;
  upload.tile.className = "is-waiting";
  upload.tile.dataset.state = "waiting";
  upload.tile.querySelector("progress").hidden = true;
  say(upload.tile, interpolate(gettext("%(name)s: the line dropped, sent again by itself"), upload.item, true));
  upload.timer = setTimeout(() => queueAgain(upload), wait * (0.5 + Math.random()));
  lost.add(upload);
}

const lost = new Set();

function queueAgain(upload) {
  clearTimeout(upload.timer);
  if (!lost.delete(upload)) return;
  waiting.push(upload);
  sendNext();
}

async function askForSync() {
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("photos").catch(() => {});
}

// What the service worker, or another tab, sent meanwhile: its answer; nothing where it was refused.
async function heard({ key, html, batch: other }) {
  const tile = tiles.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!tile) return html && other === batch ? showArrived({ key, html }) : undefined;
  const place = waiting.findIndex((upload) => upload.item.key === key);
  if (place >= 0) waiting.splice(place, 1);
  if (html) {
    takeTile(tile, html);
    return forgetArrived(key);
  }
  tile.remove();
  for (const item of await queue.list(account)) if (item.key === key) showRefused(item);
  count();
}

// One sum of all

const statesOf = (list) => [...list.children].map((tile) => tile.dataset.state);

function tally() {
  const states = statesOf(tiles);
  const done = states.filter((state) => DONE.includes(state)).length;
  const unsent = states.filter((state) => state === "waiting" || state === "sending").length;
  const failed = states.filter((state) => state === "failed").length;
  return { total: states.length, done, failed, unsent };
}

// The bar never falls: where a photo that was on its way is refused, it waits until the others have caught up.
let furthest = 0;

function count() {
  const { total, done, failed, unsent } = tally();
  const gone = [...tiles.children].reduce((sum, tile) => sum + howFar(tile), 0);
  page.querySelector("[data-sum]").textContent = total ? interpolate(gettext("%(done)s of %(total)s read"), { done: done - failed, total }, true) : gettext("Add photos");
  onTheirWay.hidden = total === 0;
  furthest = total ? Math.min(total, Math.max(furthest, gone)) : 0;
  Object.assign(all, { max: total || 1, value: furthest, textContent: interpolate(gettext("%(done)s of %(total)s"), { done, total }, true) });
  pause.hidden = unsent === 0;
  const sentence = tellProgress({ total, done, failed, unsent, isPaused, isKept: allKept(), about: estimate(done, total) });
  if (said.textContent !== sentence) said.textContent = sentence;
}

function howFar(tile) {
  if (DONE.includes(tile.dataset.state)) return 1;
  const bar = tile.querySelector("progress");
  return bar ? (SENT * bar.value) / 100 : SENT;
}

function estimate(done, total) {
  const passed = Date.now() - startedAt;
  const fresh = done - doneAtStart;
  if (!startedAt || fresh < 1 || passed < ESTIMATE_AFTER_MS) return "";
  return `${duration((passed / fresh) * (total - done))} `;
}

const allKept = () => [...keeping, ...waiting, ...lost].every((upload) => upload.isKept);

// In the same moment as a tile is exchanged, or a picture would go and come back.
function putPicturesBack() {
  for (const tile of tiles.querySelectorAll("[data-photo]")) {
    const preview = previews.get(tile.dataset.photo);
    if (preview && !tile.querySelector("img")) tile.prepend(preview);
  }
}

// After any tile changed: pictures that went are put back, and what wants a word, or the end, is asked for.
function seen() {
  let isNews = false;
  putPicturesBack();
  for (const tile of tiles.querySelectorAll("[data-photo]")) {
    const { photo, state } = tile.dataset;
    const hasPicture = tile.querySelector('img:not([src^="blob:"])');
    if (sent.has(photo) && (hasPicture || DONE.includes(state))) {
      queue.remove(sent.get(photo));
      sent.delete(photo);
    }
    isNews ||= words.get(photo) !== state && WANTS_A_WORD.includes(state);
    words.set(photo, state);
  }
  const { total, done } = tally();
  if (isNews || (total > 0 && done === total)) showEnd();
  count();
}

let shownEnd = "";

function showEnd() {
  const state = [...words].join();
  if (state === shownEnd || ![...words.values()].some((one) => one !== "repeat")) return;
  shownEnd = state;
  const end = document.getElementById("batch-end") ?? page.querySelector("[data-no-batch]");
  htmx.ajax("GET", `/photos/batches/${batch}/`, { target: end, swap: "outerHTML", source: end }).catch(() => {});
}

// Beginning, and going on after a reload

async function resume() {
  isPaused = Boolean(await queue.read(`paused ${account}`));
  showPause();
  const kept = await queue.list(account);
  const items = kept.filter((item) => item.state !== "arrived");
  if (items.length && !batch) batch = items[0].batch;
  if (items.some((item) => item.state === "waiting")) nameBatch();
  for (const item of items) {
    if (item.state === "refused") showRefused(item);
    if (item.state === "sent") showSent(item);
    if (item.state === "waiting") waiting.push({ item, tries: 0, tile: makeTile(item), isKept: await queue.put(Object.assign(item, { batch })) });
  }
  for (const item of kept) if (item.state === "arrived" && item.batch === batch) await showArrived(item);
  if (waiting.length) {
    begin();
    askForSync();
  }
  for (const tile of tiles.querySelectorAll("[data-photo]")) words.set(tile.dataset.photo, tile.dataset.state);
  const { total, done } = tally();
  if (total && done === total) shownEnd = [...words].join();
  sendNext();
  count();
}

function showSent({ photo, key, file }) {
  sent.set(photo, key);
  const tile = tiles.querySelector(`[data-photo="${CSS.escape(photo)}"]`);
  if (tile) showPreview(tile, file, (image) => previews.set(photo, image) && seen());
}

// Sent by the worker after the server had answered with this page, and before the page could hear of it.
function showArrived({ key, html }) {
  const tile = tiles.appendChild(document.createElement("li"));
  takeTile(tile, html);
  return forgetArrived(key);
}

async function forgetArrived(key) {
  for (const item of await queue.list(account)) if (item.key === key && item.state === "arrived") await queue.remove(key);
}

function showPause() {
  pause.textContent = isPaused ? gettext("Go on") : gettext("Pause");
}

pause.addEventListener("click", async () => {
  isPaused = !isPaused;
  showPause();
  await queue.write(`paused ${account}`, isPaused);
  if (!isPaused) askForSync();
  sendNext();
  count();
});

input.required = false;
input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  addFiles(files);
});
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("htmx:afterSwap", putPicturesBack);
document.addEventListener("htmx:afterSettle", seen);
addEventListener("online", () => [...lost].forEach(queueAgain));
// What an aborted request of this page left is the worker's from now on.
addEventListener("pagehide", () => navigator.serviceWorker?.controller?.postMessage({ type: "send-photos" }));
channel?.addEventListener("message", (event) => heard(event.data));

form.addEventListener("files-dropped", (event) => addFiles(event.detail));
addEventListener("beforeunload", (event) => {
  if (!allKept()) event.preventDefault();
});

resume();
