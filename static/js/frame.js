// The part of a photo that shows a garment: the drawn frame follows the four edges.

const form = document.querySelector("[data-frame]");
const rect = form?.querySelector("[data-rect]");

function draw() {
  const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((name) => Number(form.elements.namedItem(name).value));
  rect.setAttribute("x", Math.min(left, right));
  rect.setAttribute("y", Math.min(top, bottom));
  rect.setAttribute("width", Math.abs(right - left));
  rect.setAttribute("height", Math.abs(bottom - top));
}

form?.addEventListener("input", draw);
if (form) draw();
