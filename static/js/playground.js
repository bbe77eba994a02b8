// The playground: answers that appear as they are written. Without this file the page is sent as a whole.

const form = document.querySelector("form[data-playground]");
const sides = [...document.querySelectorAll("[data-side]")];
const stop = form.querySelector("[data-stop]");
const ask = form.querySelector("button:not([type])");
const LINES = "application/x-ndjson";
let asking = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (asking) return;
  asking = new AbortController();
  ask.disabled = true;
  stop.hidden = false;
  try {
    await follow(asking.signal);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    for (const side of sides) if (side.querySelector("[data-writing]")) say(side, "Stopped.");
  } finally {
    asking = null;
    ask.disabled = false;
    stop.hidden = true;
  }
});

stop.addEventListener("click", () => asking?.abort());

async function follow(signal) {
  const body = new FormData(form);
  const reply = await fetch(location.href, { method: "POST", body, headers: { Accept: LINES }, signal });
  if (reply.headers.get("Content-Type") !== LINES) return form.submit(); // The page says what is wrong.
  for (const side of sides) {
    const writing = document.createElement("pre");
    writing.className = "bundle";
    writing.dataset.writing = "";
    side.replaceChildren(writing);
  }
  for await (const line of readLines(reply.body)) show(JSON.parse(line));
}

async function* readLines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    yield* lines;
  }
}

function show({ place, text, html }) {
  const side = sides[place];
  if (html) side.innerHTML = html; // Rendered by the server, which escapes what a model said.
  else side.querySelector("[data-writing]").textContent += text;
}

function say(side, words) {
  const line = document.createElement("p");
  line.className = "soft";
  line.textContent = words;
  side.replaceChildren(line);
}
