// Adds this browser to those that are told: asks for the right to, subscribes with the site's key, and says so.

const button = document.querySelector("[data-push]");
const said = document.querySelector("[data-push-said]");

const bytesOf = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function nameOf(agent) {
  const browser = ["Edg", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(name)) ?? gettext("Browser");
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name)) ?? "";
  const name = browser === "Edg" ? "Edge" : browser;
  return system ? interpolate(gettext("%(browser)s on %(system)s"), { browser: name, system }, true) : name;
}

async function add() {
  if (!("PushManager" in window) || !navigator.serviceWorker) return gettext("This browser cannot be told. On an iPhone, put Dresscode on the home screen first.");
  if (await Notification.requestPermission() !== "granted") return gettext("The browser does not allow it. Its settings for this site can.");
  const registration = await navigator.serviceWorker.ready;
  const earlier = await registration.pushManager.getSubscription();
  const key = bytesOf(button.dataset.push);
  const isOurs = earlier && textOf(earlier.options.applicationServerKey) === button.dataset.push;
  if (earlier && !isOurs) await earlier.unsubscribe();
  const subscription = isOurs ? earlier : await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const body = new FormData();
  body.append("endpoint", subscription.endpoint);
  body.append("p256dh", textOf(subscription.getKey("p256dh")));
  body.append("auth", textOf(subscription.getKey("auth")));
  body.append("name", nameOf(navigator.userAgent));
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const response = await fetch(button.dataset.pushAt, { method: "POST", headers, body });
  if (!response.ok) return gettext("That did not work. Try once more.");
  location.reload();
  return gettext("Added.");
}

button?.addEventListener("click", async () => {
  said.textContent = await add().catch(() => gettext("That did not work. The browser’s push service is out of reach."));
});
