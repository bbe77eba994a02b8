// What opens in a sheet, which the server writes: a piece of an outfit, the days that a plan may move to. Without this
// script its address is a page of its own. And a part of the page that can be lifted into a sheet: without this script a
// link leads down to it.

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

const lifted = document.getElementById("lifted");
let gap = null;

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element && event.target.closest("[data-lifts]");
  if (!opener || !lifted || lifted.open || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const part = document.querySelector(opener.getAttribute("href"));
  gap = document.createComment(part.id);
  part.replaceWith(gap);
  lifted.firstElementChild.append(part);
  opener.focus();
  lifted.showModal();
});

// It lies in its place again, with whatever was chosen in it.
lifted?.addEventListener("close", () => {
  gap?.replaceWith(lifted.firstElementChild.lastElementChild);
  gap = null;
});
