// The keys of the review queue: each presses the button that names it in aria-keyshortcuts.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
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

// A second press while the first is on its way decides nothing more.
document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-review]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
});
