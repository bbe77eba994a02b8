// The question: one starting piece at most, each piece with or without, hours that follow the occasion and the day until they are
// chosen, a summary that follows the fields, and the weather that follows when and where.

const form = document.querySelector("[data-ask]");
const field = (name) => form.elements.namedItem(name);
const when = form?.querySelector("[data-when]");

function summarize() {
  const place = field("place").value.trim();
  const hours = interpolate(gettext("%(start)s to %(end)s"), { start: field("starts_at").value, end: field("ends_at").value }, true);
  form.querySelector("[data-summary]").textContent = place ? `${hours}, ${place}` : hours;
}

function askForWeather() {
  form.dispatchEvent(new CustomEvent("weather-changed"));
}

// As `propose_hours` does for a browser without scripts: today's begin with the next half hour.
let usual = JSON.parse(form?.dataset.hours ?? "null");
const clock = (minutes) => new Date(2000, 0, 1, 0, minutes).toTimeString().slice(0, 5);
const count = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

function keepAhead([start, end], day) {
  const now = new Date();
  const today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  const minutes = now.getHours() * 60 + now.getMinutes();
  if (day !== today || count(start) >= minutes) return [start, end];
  const length = (count(end) - count(start) + 1440) % 1440;
  const begin = Math.min(Math.ceil(minutes / 30) * 30, 23.5 * 60);
  const left = count(start) + length - begin;
  return [clock(begin), left < 60 ? clock(begin + Math.min(length, 240)) : end];
}

function proposeHours() {
  const kind = form.querySelector("[name=kind]:checked")?.value;
  const chip = form.querySelector("[name=day]:checked")?.value;
  const day = chip && chip !== "other" ? chip : field("date").value;
  if (!usual?.[kind] || !day) return;
  const isWeekend = [0, 6].includes(new Date(`${day}T12:00`).getDay());
  [field("starts_at").value, field("ends_at").value] = keepAhead(usual[kind][Number(isWeekend)], day);
  summarize();
  askForWeather();
}

if (form) field("proposed").value = "";

form?.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (["starts_at", "ends_at"].includes(name)) usual = null;
  if (name === "start_from" && checked) {
    for (const other of form.querySelectorAll("[data-starter]")) other.checked = other === event.target;
  }
  if (name === "day" && value === "other") {
    when.open = true;
    field("date").focus();
  }
  if (event.target.matches("[data-either]") && checked) {
    for (const other of form.querySelectorAll("[data-either]:checked")) if (other.value === value && other !== event.target) other.checked = false;
  }
  if (name === "date") form.querySelector("[name=day][value=other]").checked = true;
  if (["kind", "day", "date"].includes(name)) proposeHours();
  if (["day", "date", "starts_at", "ends_at", "place", "place_choice"].includes(name)) {
    summarize();
    askForWeather();
  }
});

// The weather block may come back while the wearer is saying what they expect: their word stays.
const stated = () => [...form.querySelectorAll("#weather input:checked")].map((input) => [input.name, input.value]);
let kept = [];
form?.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "weather") kept = stated();
});
form?.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "weather") return;
  for (const input of form.querySelectorAll("#weather input")) {
    if (kept.some(([name, value]) => name === input.name && value === input.value)) input.checked = true;
  }
});
