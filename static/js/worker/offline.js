// What can be looked at without a line: the page that says so, and of whoever is signed in the pages of KEPT_PATHS with
// their pictures. A wearer's pages lie in a cache of that account alone. Which account this is, each page of the
// server says in a header; a page without it means that nobody is signed in, and then nothing of anybody is kept.

const SHELL_CACHE = `shell-${REVISION}`;
const PRIVATE = "private-";
const ACCOUNT_HEADER = "X-Account";
const KEPT_PATHS = [/^\/wardrobe\/$/, /^\/wardrobe\/[0-9a-f-]{36}\/$/, /^\/today\/$/, /^\/outfits\/$/, /^\/outfits\/[0-9a-f-]{36}\/$/];
const PICTURES = /^\/media\//;
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // The name changes with the bytes.
const FRESH = ["/wardrobe/", "/today/"];
const FRESH_MS = 60 * 60 * 1000;
const MOST_PAGES = 60;
const MOST_PICTURES = 300;
const PATIENCE_MS = 4_000; // After that a page that is kept is shown, and says of when it is.
const shellAddresses = new Set(SHELL.map((address) => new URL(address, location.origin).href));

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(SHELL)));
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldShells(), registration.navigationPreload?.enable()]));
});

addEventListener("message", (event) => {
  if (event.data?.type === "take-over") skipWaiting();
  if (event.data?.type === "keep-page") event.waitUntil(keepAnew(event.source));
});

// A page that changed since it was opened, such as an answer that was still being written.
async function keepAnew(client) {
  const path = client && new URL(client.url).pathname;
  const account = await photoQueue.read("account");
  if (path && account && KEPT_PATHS.some((kept) => kept.test(path))) await keepWithPictures(account, path);
}

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name !== SHELL_CACHE && !name.startsWith(PRIVATE));
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.method === "POST" && address.pathname === SIGN_OUT_ADDRESS) event.waitUntil(signOut());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(answerPage(event, address));
  else if (PICTURES.test(address.pathname)) event.respondWith(answerPicture(event));
  else if (shellAddresses.has(request.url)) event.respondWith(answerShell(request));
});

// Pages

async function answerPage(event, address) {
  const asked = fetchPage(event, address);
  const kept = () => findKept(event.request, address);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(kept);
  const first = await Promise.race([asked.catch(kept), late.then((page) => page ?? asked.catch(kept))]);
  return first ?? (await caches.match(SHELL[0]));
}

async function fetchPage(event, address) {
  const answer = (await event.preloadResponse) ?? (await fetch(event.request));
  const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  if (isPage && answer.ok && !answer.redirected) event.waitUntil(notePage(event.request, address, answer.clone()));
  return answer;
}

async function notePage(request, address, answer) {
  const account = answer.headers.get(ACCOUNT_HEADER) ?? "";
  await become(account);
  if (!account) return;
  if (KEPT_PATHS.some((path) => path.test(address.pathname))) await keep(account, request.url, answer, MOST_PAGES);
  await refresh(account);
}

// Another account, or none: what was kept of the one before goes. Who is signed in is written down first: what is still
// being kept then sees it.
async function become(account) {
  if ((await photoQueue.read("account")) !== account) await photoQueue.write("account", account);
  const names = (await caches.keys()).filter((name) => name.startsWith(PRIVATE) && name !== PRIVATE + account);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function signOut() {
  const account = await photoQueue.read("account");
  if (account) await photoQueue.dropAll(account);
  await become("");
}

async function keep(account, url, answer, most) {
  const cache = await caches.open(PRIVATE + account);
  await cache.put(url, answer);
  const isPicture = PICTURES.test(new URL(url).pathname);
  const keys = (await cache.keys()).filter((one) => PICTURES.test(new URL(one.url).pathname) === isPicture);
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((one) => cache.delete(one)));
  if ((await photoQueue.read("account")) !== account) await caches.delete(PRIVATE + account); // Signed out meanwhile.
}

// The wardrobe and today's answer, with their pictures, also where nobody has opened them of late.
async function refresh(account) {
  if (Date.now() - ((await photoQueue.read(`fresh ${account}`)) ?? 0) < FRESH_MS) return;
  await photoQueue.write(`fresh ${account}`, Date.now());
  for (const path of FRESH) await keepWithPictures(account, path);
}

async function keepWithPictures(account, path) {
  const answer = await fetch(path);
  if (!answer.ok || answer.redirected || answer.headers.get(ACCOUNT_HEADER) !== account) return;
  const html = await answer.clone().text();
  await keep(account, new URL(path, location.origin).href, answer, MOST_PAGES);
  const pictures = [...html.matchAll(/src="(\/media\/[^"]+)"/g)].map((found) => found[1]);
  for (const picture of new Set(pictures)) {
    const bytes = await fetch(picture);
    if (bytes.ok) await keep(account, new URL(picture, location.origin).href, bytes, MOST_PICTURES);
  }
  const outfit = path === "/today/" && html.match(/href="(\/outfits\/[0-9a-f-]{36}\/)"/);
  if (outfit) await keepWithPictures(account, outfit[1]);
}

async function openOwn() {
  const account = await photoQueue.read("account");
  return account ? caches.open(PRIVATE + account) : null;
}

// With a line on top that says of when it is.
async function findKept(request, address) {
  const cache = await openOwn();
  const found = await cache?.match(request.url);
  if (!found || !KEPT_PATHS.some((path) => path.test(address.pathname))) return undefined;
  const at = new Date(found.headers.get("Date") ?? Date.now());
  const when = at.toLocaleString(LANGUAGE, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  const notice = `<div class="notice notice--warn" data-kept><span></span><p>${interpolate(gettext("<strong>No signal.</strong> This is as of %(when)s. What you change now is not saved."), { when }, true)}</p></div>`;
  const html = (await found.text()).replace(/(<main id="main"[^>]*>)/, `$1${notice}`);
  return new Response(html, { status: 200, headers: found.headers });
}

// Pictures and what the pages are made of

async function answerPicture(event) {
  try {
    const answer = await fetch(event.request);
    const account = await photoQueue.read("account");
    if (answer.ok && account) event.waitUntil(keep(account, event.request.url, answer.clone(), MOST_PICTURES));
    return answer;
  } catch (error) {
    const kept = await (await openOwn())?.match(event.request.url);
    if (kept) return kept;
    throw error;
  }
}

async function answerShell(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  return fetch(request).catch((error) => kept ?? Promise.reject(error));
}
