// The service worker's part of notifications (docs/notifications.md).

// A notification is shown as it was told. A tap opens its page; its buttons wear the outfit, or ask again.
addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const actions = [];
  if (told.wear) actions.push({ action: "wear", title: gettext("Wear it") });
  if (told.again) actions.push({ action: "again", title: gettext("Ask again") });
  const options = { body: told.body ?? "", tag: told.tag ?? "", icon: ICON, data: told, actions };
  event.waitUntil(registration.showNotification(told.title ?? "Dresscode", options));
});

// Only our own pages, whatever a message says.
const ours = (address) => {
  const url = new URL(address || "/", location.origin);
  return url.origin === location.origin ? url.href : location.origin;
};

async function wear(told) {
  const response = await fetch(ours(told.wear), { method: "POST" }).catch(() => null);
  const said = response?.ok ? gettext("Noted as worn.") : gettext("That did not arrive. Open it and try once more.");
  await registration.showNotification("Dresscode", { body: said, tag: told.tag ?? "", icon: ICON, data: { url: told.url } });
}

async function openPage(address) {
  const wanted = ours(address);
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find((one) => one.url === wanted);
  return there ? there.focus() : clients.openWindow(wanted);
}

addEventListener("notificationclick", (event) => {
  const told = event.notification.data ?? {};
  event.notification.close();
  if (event.action === "wear") event.waitUntil(wear(told));
  else event.waitUntil(openPage(event.action === "again" ? told.again : told.url));
});
