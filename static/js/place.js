// The place field as a combobox: htmx brings the options, this moves among them. Without this
// script it is a text field, and the server asks back when a name is not clear.

for (const box of document.querySelectorAll("[data-combobox]")) attend(box);

function attend(box) {
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const found = box.querySelector("[data-places-found]");
  const here = box.querySelector("[data-here]");
  const hereSaid = box.querySelector("[data-here-said]");
  const options = () => [...list.children];
  let active = -1;
  let asksHere = false;

  // Only a browser on a secure page asks where it is, and only after a tap. A tenth of a degree is enough for weather.
  here.hidden = !("geolocation" in navigator && window.isSecureContext);
  here.addEventListener("click", () => {
    sayHere(gettext("Asking where you are."));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        asksHere = true;
        input.value = `${coords.latitude.toFixed(1)}, ${coords.longitude.toFixed(1)}`;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      },
      () => sayHere(gettext("Your browser did not say where you are. Type a town.")),
      { maximumAge: 600_000, timeout: 10_000 },
    );
  });

  function sayHere(words) {
    hereSaid.hidden = !words;
    hereSaid.textContent = words;
  }

  function show(open) {
    const visible = open && options().length > 0;
    list.hidden = !visible;
    input.setAttribute("aria-expanded", String(visible));
    if (!visible) move(-1);
  }

  function move(to) {
    active = to;
    options().forEach((option, index) => option.setAttribute("aria-selected", String(index === to)));
    const option = options()[to];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    input.value = option.textContent;
    list.replaceChildren();
    show(false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  list.addEventListener("htmx:afterSwap", () => {
    const count = options().length;
    found.textContent = count ? interpolate(ngettext("%(count)s place", "%(count)s places", count), { count }, true) : gettext("No place of that name");
    move(-1);
    if (asksHere) sayHere(count ? "" : gettext("There is no town near you. Type one."));
    if (asksHere && count) choose(options()[0]);
    else show(document.activeElement === input);
    asksHere = false;
  });

  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // Of a sheet it closes the list alone.
      show(false);
    }
    if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    }
    if (!count || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    show(true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    move(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
  });

  // The pointer goes down before the field loses focus: choose then.
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  input.addEventListener("blur", () => show(false));
  input.addEventListener("focus", () => show(true));
}
