// The keys of the review queue: each presses the button or follows the link that names it in aria-keyshortcuts.

const CHECKED_EVERY_MS = 15000;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const key = CSS.escape(event.key.toLowerCase());
  const target = document.querySelector(`[data-review] [aria-keyshortcuts="${key}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("select")) target.focus();
  else target.click();
});

// Enter on something else that was chosen decides it.
document.querySelector("[data-review] select")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.value) return;
  event.preventDefault();
  event.target.form.requestSubmit(document.querySelector("[data-review] button[value=other]"));
});

// All that are like this one are ticked, or none; the same for those of nearly the same photo.
for (const button of document.querySelectorAll("[data-tick]")) {
  button.addEventListener("click", () => {
    const near = button.dataset.tick ? "[data-near]" : "";
    const boxes = [...document.querySelectorAll(`[data-alike] input${near}`)];
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  });
}

// A second press while the first is on its way decides nothing more; without a network the first one waits.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("[data-review]") && form.id !== "undo") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  if (navigator.onLine) return;
  event.preventDefault();
  const note = document.querySelector("[data-offline]");
  if (note) note.hidden = false;
  window.addEventListener("online", () => {
    delete form.dataset.sent;
    form.requestSubmit(event.submitter);
  }, { once: true });
});

// The photo is taken away once it may not be looked at any more.
const picture = document.querySelector("[data-picture]");

async function checkPicture() {
  if (!picture.isConnected || !navigator.onLine) return;
  const answer = await fetch(picture.src, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 404) return;
  picture.closest(".o-frame").remove();
  document.querySelector("[data-gone]").hidden = false;
}

if (picture) {
  setInterval(checkPicture, CHECKED_EVERY_MS);
  window.addEventListener("focus", checkPicture);
}
