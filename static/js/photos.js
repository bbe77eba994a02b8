// Photos on their way: a socket that only rings ("photo 12 changed"), upon which the photo's card is
// fetched. The cards that are still being worked on are asked for now and then too: while the line is
// down, and more seldom while it is up, since a bell may be lost between the server's parts.

const LONGEST_WAIT_MS = 15_000;
const FIRST_WAIT_MS = 500;
const POLL_MS = 4_000;
const LOST_BELL_MS = 20_000;
const SIGNED_OUT = 4401;
const TOO_MANY = new Set([4429, 1013]); // Of this wearer, or in all: cards are asked for meanwhile.
const LATER_MS = 60_000;

let socket = null;
let tries = 0;
let polling = 0;
let pollingEvery = 0;

function connect() {
  const url = new URL("/ws/photos/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  socket = new WebSocket(url);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (message) => refresh(JSON.parse(message.data).id));
  socket.addEventListener("close", (event) => closed(event.code));
}

function opened() {
  tries = 0;
  pollEvery(LOST_BELL_MS);
  refreshWorking(); // What rang while nobody listened.
}

function pollEvery(wait) {
  if (wait === pollingEvery) return;
  clearInterval(polling);
  polling = setInterval(refreshWorking, wait);
  pollingEvery = wait;
}

function closed(code) {
  socket = null;
  pollEvery(POLL_MS);
  if (code === SIGNED_OUT) return;
  if (TOO_MANY.has(code)) return setTimeout(connect, LATER_MS);
  // Full jitter: after a deploy all pages come back, but not in the same moment.
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries++);
  setTimeout(connect, Math.random() * most);
}

function refresh(id) {
  for (const card of document.querySelectorAll(`[data-photo="${CSS.escape(id)}"]`)) htmx.trigger(card, "photo-changed");
}

function refreshWorking() {
  for (const card of document.querySelectorAll("[data-photo][data-working]")) htmx.trigger(card, "photo-changed");
}

// A photo that was deleted meanwhile: its card goes too, and that is no fault to speak of.
document.body.addEventListener("htmx:responseError", (event) => {
  const card = event.detail.elt.closest("[data-photo]");
  if (!card || event.detail.xhr.status !== 404) return;
  event.stopPropagation();
  card.remove();
});

// A card that could not be fetched while the line is down is fetched again by itself.
document.body.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.matches("[data-photo]")) event.stopPropagation();
});

pollEvery(POLL_MS);
connect();
