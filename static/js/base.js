// What every page needs: dialogs in browsers without command/commandfor and closedby, password
// fields that can be shown, forms that send themselves, and the zone in which a day begins.

// The admin's pages, which stay English, come without the words of scripts.
const gettext = self.gettext ?? ((words) => words);

const supports = (name) => name in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target instanceof HTMLDialogElement && !("closedBy" in target)) target.close();
  if (!(target instanceof Element)) return;

  const opener = target.closest("[commandfor]");
  if (opener && !supports("commandForElement")) {
    const dialog = document.getElementById(opener.getAttribute("commandfor"));
    if (opener.getAttribute("command") === "close") dialog?.close();
    else dialog?.showModal();
  }

  const shower = target.closest("[data-shows]");
  if (shower) showPassword(shower);

  if (target.closest("[data-print]")) window.print();
});

function showPassword(button) {
  const field = document.getElementById(button.dataset.shows);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  button.setAttribute("aria-pressed", String(hidden));
  field.focus();
}

// Buttons that JavaScript replaces go away, parts that need it appear; also in what htmx brings.
function adapt(root) {
  for (const button of root.querySelectorAll("[data-without-js]")) button.hidden = true;
  for (const part of root.querySelectorAll("[data-with-js]")) part.hidden = false;
}
adapt(document);
document.addEventListener("htmx:load", (event) => adapt(event.detail.elt));

// The wearer's day begins by the browser's clock until they name a home: it is said when they sign in, and
// once a session where it is another one. What was made for another day is asked for anew.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
for (const input of document.querySelectorAll("[data-browser-zone]")) input.value = zone;

// Days are others in another zone. A page in use is not loaded anew under a finger: the next one has them right.
let isInUse = false;
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (isInUse = true), { capture: true, once: true });

async function sayZone({ zone: known, zoneAt }) {
  if (!zoneAt || !zone || zone === known || sessionStorage.getItem("zone") === zone) return;
  const body = new FormData();
  body.append("time_zone", zone);
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const response = await fetch(zoneAt, { method: "POST", headers, body });
  if (response.ok) sessionStorage.setItem("zone", zone);
  if (response.status === 200 && !isInUse && document.querySelector("[data-by-day]")) location.reload();
}
sayZone(document.body.dataset).catch(() => {});

// Absent where the page is not secure. A new version waits until it is asked for: pages are not changed under anybody.
navigator.serviceWorker?.register("/sw.js").then((registration) => {
  const offer = () => registration.waiting && navigator.serviceWorker.controller && offerUpdate(registration.waiting);
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  if (document.body.dataset.account) registration.active?.postMessage({ type: "send-photos" });
});

// The worker speaks a language: to another one of these it changes without a word.
const spoken = exchangeSpoken(document.documentElement.lang);

// Some browsers keep nothing, and throw: then each page speaks what the last one did.
function exchangeSpoken(language) {
  try {
    const former = localStorage.getItem("spoken") ?? language;
    localStorage.setItem("spoken", language);
    return former;
  } catch {
    return language;
  }
}

function offerUpdate(worker) {
  if (spoken !== document.documentElement.lang) worker.postMessage({ type: "take-over" });
  if (spoken !== document.documentElement.lang || document.querySelector("[data-update]")) return;
  const offer = document.createElement("div");
  offer.className = "undo";
  offer.dataset.update = "";
  offer.setAttribute("role", "status");
  const button = document.createElement("button");
  Object.assign(button, { className: "button button--plain", type: "button", textContent: gettext("Use it") });
  button.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    worker.postMessage({ type: "take-over" });
  });
  const later = document.createElement("button");
  Object.assign(later, { className: "button button--plain", type: "button", textContent: gettext("Later") });
  later.addEventListener("click", () => offer.remove());
  offer.append(gettext("A new version is ready."), button, later);
  document.body.append(offer);
}

// Photos that wait on this device go with the account that signs out.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-signs-out]") || form.dataset.sure) return;
  event.preventDefault();
  const photos = (await self.photoQueue?.list(document.body.dataset.account)) ?? [];
  const left = photos.filter((item) => item.state === "waiting").length;
  if (left && !confirm(askToDrop(left))) return;
  form.dataset.sure = "1";
  form.requestSubmit();
});

function askToDrop(left) {
  const words = ngettext(
    "%(left)s photo has not been sent yet. Sign out and drop it?",
    "%(left)s photos have not been sent yet. Sign out and drop them?",
    left,
  );
  return interpolate(words, { left }, true);
}

// A form that is on its way is not sent once more by the same button: a double tap would make two of what it makes.
const ON_ITS_WAY_MS = 10_000;
const onItsWay = new Map();
addEventListener("pageshow", () => onItsWay.clear());
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (onItsWay.get(form) === event.submitter) return event.preventDefault();
  onItsWay.set(form, event.submitter);
  setTimeout(() => onItsWay.delete(form), ON_ITS_WAY_MS);
});

// Sending the form of a dialog closes the dialog: htmx stays on the page.
document.addEventListener("submit", (event) => event.submitter?.closest("dialog")?.close());

// A session that ended answers a partial with the sign-in page: go there instead of showing it here.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { login } = document.body.dataset;
  if (!login || !event.detail.xhr.responseURL) return;
  if (new URL(event.detail.xhr.responseURL).pathname !== login) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// A field that was changed again while a change was on its way keeps what was chosen meanwhile: no answer to the change
// before takes its place, and htmx sends it next.
const QUEUED = '[hx-sync$="queue all"]';
document.addEventListener("change", keepNewer, { capture: true });
document.addEventListener("htmx:beforeSend", (event) => delete event.target.dataset.newer);
document.addEventListener("htmx:beforeSwap", (event) => {
  if ("newer" in event.detail.target.dataset) event.detail.swapOverride = "none";
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if ("newer" in event.detail.target.dataset) event.detail.shouldSwap = false;
});

function keepNewer(event) {
  const field = event.target.closest(QUEUED);
  if (field?.closest("form").querySelector(`${QUEUED}.htmx-request`)) field.dataset.newer = "";
}

// What can be undone is told in a toast for a while, which waits for who points at it or is in it. Without this script it
// is a notice that stays.
const TOAST_MS = 8000;
const HEARD_AFTER_MS = 300;

function toast(notice) {
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (!notice.matches(":hover, :focus-within")) timer = setTimeout(() => notice.remove(), TOAST_MS);
  };
  notice.classList.add("undo");
  for (const event of ["pointerenter", "pointerleave", "focusin", "focusout"]) notice.addEventListener(event, () => setTimeout(wait));
  document.addEventListener("keydown", (event) => event.key === "Tab" && wait());
  wait();
}
[...document.querySelectorAll("[data-undo]")].slice(-1).forEach(toast);

// What a page brought along is no news to a screen reader: a live region speaks of what comes into it.
const heard = document.querySelector("[data-heard]");
const brought = [...document.querySelectorAll("#notices .notice > p")].map((said) => said.textContent.trim());
if (heard && brought.length) {
  setTimeout(() => { heard.textContent = brought.join(" "); }, HEARD_AFTER_MS);
  setTimeout(() => { heard.textContent = ""; }, TOAST_MS);
}

// A request that never arrived is said, once, in the place for notices.
document.addEventListener("htmx:sendError", () => tell(gettext("The line dropped."), gettext("Nothing is lost. Try again when you are back.")));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) location.reload();
  else tell(gettext("A seam came undone."), gettext("That was us, not you. Try once more."));
});

function tell(strong, rest) {
  const notices = document.getElementById("notices");
  const notice = document.createElement("div");
  notice.className = "notice notice--bad";
  const words = document.createElement("p");
  const start = document.createElement("strong");
  start.textContent = strong;
  words.append(start, " ", rest);
  notice.append(document.createElement("span"), words);
  notices.replaceChildren(notice);
}
