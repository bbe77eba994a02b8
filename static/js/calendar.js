// Planned outfits can be dragged to another day. Without a mouse, Move on the day's page does the same.

let dragged = null;

const targetOf = (event) => event.target instanceof Element ? event.target.closest("[data-day]") : null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target instanceof Element ? event.target.closest("[data-move]") : null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.day);
});

document.addEventListener("dragover", (event) => {
  const target = targetOf(event);
  if (!dragged || !target || target.dataset.day === dragged.dataset.day) return;
  event.preventDefault();
  target.classList.add("is-target");
});

document.addEventListener("dragleave", (event) => targetOf(event)?.classList.remove("is-target"));

document.addEventListener("drop", (event) => {
  const target = targetOf(event);
  if (!dragged || !target) return;
  event.preventDefault();
  const form = document.getElementById("move-by-drag");
  form.action = dragged.dataset.move;
  form.elements.day.value = target.dataset.day;
  form.submit();
});

document.addEventListener("dragend", () => {
  dragged = null;
  for (const target of document.querySelectorAll(".is-target")) target.classList.remove("is-target");
});
