// Photos that another app shared with this one. A strange page might have posted them, so that nothing goes before it is
// meant: only then are they as if they had been chosen here.

const queue = self.photoQueue;
const section = document.querySelector("[data-shared]");
const form = document.querySelector("[data-upload]");

async function offer() {
  const items = (await queue.list(document.body.dataset.account)).filter((item) => item.state === "shared");
  section.hidden = items.length === 0;
  section.querySelector("[data-shared-count]").textContent = interpolate(ngettext("Add this photo?", "Add these %(count)s photos?", items.length), { count: items.length }, true);
  section.querySelector("ul").append(...items.map(makeTile));
  const forget = async () => {
    section.hidden = true;
    for (const item of items) await queue.remove(item.key);
  };
  section.querySelector("[data-drop-shared]").addEventListener("click", forget);
  section.querySelector("[data-add-shared]").addEventListener("click", async () => {
    await forget();
    form.dispatchEvent(new CustomEvent("files-dropped", { detail: items.map((item) => item.file) }));
  });
}

// Not every browser shows every format: then the name has to do.
function makeTile({ file, name }) {
  const tile = document.createElement("li");
  const image = new Image();
  image.alt = name;
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.src = URL.createObjectURL(file);
  tile.append(image);
  return tile;
}

offer();
