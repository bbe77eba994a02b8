// How many pieces are ticked, said as it changes.
const form = document.querySelector("[data-bulk]");
const most = Number(form.dataset.most);

function count() {
  const ticked = form.querySelectorAll(".hang__tick:checked").length;
  form.querySelector("[data-chosen]").textContent = ticked;
  for (const tick of form.querySelectorAll(".hang__tick:not(:checked)")) tick.disabled = ticked >= most;
}

form.addEventListener("change", count);
form.addEventListener("htmx:afterSettle", count);
count();
