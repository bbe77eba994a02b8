// Dropping files anywhere on the page counts, so that a near miss does not open the picture instead. The form is told
// by the event "files-dropped".

const form = document.querySelector("[data-upload]");
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.add("is-over");
});
addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("is-over"));
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.remove("is-over");
  form.dispatchEvent(new CustomEvent("files-dropped", { detail: event.dataTransfer.files }));
});
