// Shows the offline page when a page cannot be fetched. It keeps nothing of anybody's wardrobe.
const KEPT = "offline-{{ revision }}";
const SHELL = [{% for address in shell %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const addresses = new Set(SHELL.map((address) => new URL(address, location.origin).href));

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const forget = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL[0])));
  } else if (addresses.has(request.url)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
