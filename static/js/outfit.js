// The pieces of an outfit: each opens a sheet, which the server writes. Without this script its address
// is a page of its own.

const sheet = document.getElementById("piece");
const body = document.getElementById("piece-body");

document.addEventListener("click", async (event) => {
  const opener = event.target instanceof Element && event.target.closest("[data-sheet]");
  if (!opener || !sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await htmx.ajax("GET", opener.href, { target: body, swap: "innerHTML" });
  if (!body.firstElementChild || sheet.open) return;
  opener.focus(); // Where the dialog gives the focus back to.
  sheet.showModal();
});
