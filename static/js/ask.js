// The question: one starting piece at most, a summary that follows the fields, and the weather
// that follows when and where.

const form = document.querySelector("[data-ask]");
const field = (name) => form.elements.namedItem(name);
const when = form?.querySelector("[data-when]");

function summarize() {
  const place = field("place").value.trim();
  const hours = `${field("starts_at").value} to ${field("ends_at").value}`;
  form.querySelector("[data-summary]").textContent = place ? `${hours}, ${place}` : hours;
}

function askForWeather() {
  form.dispatchEvent(new CustomEvent("weather-changed"));
}

form?.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name === "start_from" && checked) {
    for (const other of form.querySelectorAll("[data-starter]")) other.checked = other === event.target;
  }
  if (name === "day" && value === "other") {
    when.open = true;
    field("date").focus();
  }
  if (name === "date") form.querySelector("[name=day][value=other]").checked = true;
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
