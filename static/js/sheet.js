// What opens in a sheet, which the server writes: a piece of an outfit, the days that a plan may move to. Without this
// script its address is a page of its own.

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet-body");

document.addEventListener("click", async (event) => {
  const opener = event.target instanceof Element && event.target.closest("[data-sheet]");
  if (!opener || !sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await htmx.ajax("GET", opener.href, { target: body, swap: "innerHTML" });
  if (!body.firstElementChild || sheet.open) return;
  opener.focus(); // Where the dialog gives the focus back to.
  sheet.showModal();
});
