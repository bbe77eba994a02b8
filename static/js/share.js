// A picture of an outfit: handed to the device's own sharing, where it has any, and addresses copied.

const file = new File([""], "outfit.jpg", { type: "image/jpeg" });
const canShare = navigator.canShare?.({ files: [file] }) ?? false;

function adapt(root) {
  for (const button of root.querySelectorAll("[data-share]")) button.hidden = !canShare;
  for (const button of root.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
}
adapt(document);
document.addEventListener("htmx:load", (event) => adapt(event.detail.elt));

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-share], [data-copies]") : null;
  if (button?.dataset.copies) {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.textContent = gettext("Copied");
  } else if (button) {
    await share(document.querySelector("[data-picture]").src);
  }
});

async function share(address) {
  const picture = await (await fetch(address)).blob();
  try {
    await navigator.share({ files: [new File([picture], "outfit.jpg", { type: picture.type })] });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // Somebody changed their mind.
  }
}
