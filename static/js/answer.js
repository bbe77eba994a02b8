// The page of an answer that is still being written: pieces first, then words as they come. The
// server numbers its events; a page that lost the line says which number it heard last and goes on.

const answer = document.querySelector("[data-answer][data-socket]");
const part = (name) => answer.querySelector(`[data-${name}]`);
const note = (name) => answer.querySelector(`[data-note="${name}"]`);
const [outfit, next, prose, live] = ["outfit", "next", "prose", "live"].map(part);
const [template, rowTemplate] = ["piece", "row"].map((name) => document.querySelector(`[data-${name}-template]`));
const list = part("list");

const SAY_LOST_AFTER_MS = 1500;
const LONGEST_WAIT_MS = 5000;
const FIRST_WAIT_MS = 400;
const SIGNED_OUT = 4401;
const NOT_TO_BE_TRIED_AGAIN = new Set([4404, 1003, 1008, 1009]);

let socket = null;
let last = 0; // The number of the last event that was shown,
let attempt = 1; // and which attempt at the answer it belongs to.
let over = false;
let tries = 0;
let waiting = 0;
let lostTimer = 0;

function connect() {
  clearTimeout(waiting);
  socket?.close();
  const url = new URL(answer.dataset.socket, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const mine = (socket = new WebSocket(url));
  mine.addEventListener("open", () => mine.send(JSON.stringify({ type: "resume", seq: last, attempt })));
  mine.addEventListener("message", (message) => mine === socket && receive(JSON.parse(message.data)));
  mine.addEventListener("close", (event) => mine === socket && closed(event.code));
}

// Any close is a reason to resume, except those that say it would be in vain.
function closed(code) {
  socket = null;
  if (over) return;
  if (code === SIGNED_OUT) return location.reload();
  if (code === 1000 || NOT_TO_BE_TRIED_AGAIN.has(code)) return showLost();
  lostTimer ||= setTimeout(showLost, SAY_LOST_AFTER_MS);
  // Full jitter: after a deploy all pages come back, but not in the same moment.
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries++);
  waiting = setTimeout(connect, Math.random() * most);
}

function showLost() {
  note("lost").hidden = false;
}

function receive(event) {
  if (event.seq === 0) return; // About the socket, not the answer: the close that follows says it.
  const startsAgain = event.type === "superseded" && event.attempt > attempt;
  if (event.seq <= last && !startsAgain) return;
  last = event.seq;
  tries = 0;
  clearTimeout(lostTimer);
  lostTimer = 0;
  note("lost").hidden = true;
  shows[event.type]?.(event);
}

const shows = {
  piece(event) {
    next.hidden = true;
    const row = draw(rowTemplate, event);
    row.querySelector("bdi").textContent = event.name; // In its own direction.
    row.querySelector(".small").textContent = event.slot_label;
    list.append(row);
    if (!event.place) return;
    const item = draw(template, event);
    item.dataset.slot = event.place;
    item.querySelector("a").ariaLabel = interpolate(gettext("%(name)s: swap, keep or open"), event, true);
    keep(event.filled ?? []);
    const kept = outfit.querySelector(`[data-kept][data-slot="${CSS.escape(event.place)}"]`);
    if (kept) kept.replaceWith(item);
    else outfit.append(item);
  },

  delta(event) {
    next.hidden = true;
    say(event.text);
  },

  // The words so far are void; the pieces stay.
  reworded() {
    clearWords();
  },

  notice(event) {
    const notice = note(event.code);
    if (notice) notice.hidden = false;
  },

  // Rendered and escaped by the server: the same words, with links to the pieces.
  outfit(event) {
    prose.innerHTML = event.html;
    next.hidden = true;
    if (event.line) part("line").textContent = event.line;
    if (!event.missing.length) return;
    part("missing").textContent = event.missing.join(", ");
    note("missing").hidden = false;
  },

  superseded(event) {
    attempt = event.attempt;
    clear();
    next.hidden = false;
    part("restart").textContent = event.message;
    note("restart").hidden = false;
  },

  done(event) {
    if (event.status === "stopped") note("stopped").hidden = false;
    finish(event.status === "stopped" ? gettext("Stopped.") : gettext("The outfit is complete."));
    document.body.dispatchEvent(new CustomEvent("answer-done"));
  },

  error(event) {
    clear();
    for (const one of answer.querySelectorAll("[data-needs-outfit], [data-more]")) one.hidden = true;
    part("error").textContent = event.message;
    note("error").hidden = false;
    finish("");
  },
};

// Where a piece lies follows from which places are filled: those to come are kept, so that none moves.
function keep(places) {
  for (const place of places) {
    if (outfit.querySelector(`[data-slot="${CSS.escape(place)}"]`)) continue;
    const item = document.createElement("li");
    item.dataset.slot = place;
    item.dataset.kept = "";
    item.ariaHidden = "true";
    outfit.append(item);
  }
}

// A piece with its picture: cut out, or the photo as a print.
function draw(from, event) {
  const item = from.content.firstElementChild.cloneNode(true);
  const [image, hanger] = [item.querySelector("img"), item.querySelector("svg")];
  const address = event.cut_out || event.photo;
  if (local(address)) {
    image.src = address;
    [image.width, image.height] = event.cut_out ? event.size : [400, 533];
    if (!event.cut_out) image.closest(".ground, .flatlay__piece").classList.add(image.closest(".ground--thumb") ? "ground--print" : "flatlay__piece--print");
    hanger.remove();
  } else image.remove();
  if (/^[0-9a-f-]{36}$/.test(event.garment)) item.querySelector("a").href = `${answer.dataset.piecesAt}${event.garment}/`;
  return item;
}

const local = (address) => /^\/(?!\/)/.test(address ?? "");

function finish(words) {
  over = true;
  flushSentence();
  if (words) live.textContent = words;
  next.hidden = true;
  answer.classList.remove("is-streaming");
  answer.setAttribute("aria-busy", "false");
  socket?.close();
  navigator.serviceWorker?.controller?.postMessage({ type: "keep-page" }); // What it kept of this page is unfinished.
}

// Words: paragraphs of one growing text for the eye, whole sentences for the ear.

let paragraph = null;
let breaks = "";
let sentence = "";

function say(text) {
  for (const run of (breaks + text).split(/(\n{2,})/)) {
    if (/^\n{2,}$/.test(run)) paragraph = null;
    else if (run) append(run);
  }
  breaks = "";
}

function append(run) {
  paragraph ??= prose.appendChild(document.createElement("p"));
  const end = /\n$/.exec(run); // A break may come in two halves.
  if (end) breaks = "\n";
  const words = end ? run.slice(0, -1) : run;
  if (!words) return;
  (paragraph.firstChild ?? paragraph.appendChild(new Text())).appendData(words);
  sentence += words;
  const whole = sentence.match(/^[\s\S]*[.:!?](?=\s)/);
  if (!whole) return;
  live.textContent = whole[0].trim();
  sentence = sentence.slice(whole[0].length);
}

function flushSentence() {
  if (sentence.trim()) live.textContent = sentence.trim();
  sentence = "";
}

function clear() {
  for (const piece of answer.querySelectorAll("[data-piece], [data-kept]")) piece.remove();
  clearWords();
}

function clearWords() {
  prose.replaceChildren();
  paragraph = null;
  breaks = sentence = "";
}

part("stop").addEventListener("click", (event) => {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ type: "stop" }));
  event.target.disabled = true;
});
part("reconnect").addEventListener("click", connect);
addEventListener("online", () => over || connect());
addEventListener("pageshow", (event) => event.persisted && !over && connect());
connect();
