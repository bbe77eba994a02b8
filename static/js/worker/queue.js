// Photos that wait to be sent, kept on this device under the account that chose them. The page and the service
// worker both use it. Each has a key that stays the same however often it is sent, so that a repeat after a lost
// line is the same upload and not a second photo.
//
// { key, account, batch, name, size, file, state: "waiting" | "refused" | "sent" | "shared", photo, words, again, addedAt }
//
// What the worker has sent is { key, account, batch, state: "arrived", html, addedAt } until a page has shown its tile: a
// page that was answered before, and listens only after, would never hear of it.

self.photoQueue = (() => {
  const NAME = "dresscode-photos";
  const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
  const memory = new Map(); // Of what the browser would not keep: until the page goes.
  let opened = null;

  function open() {
    opened ??= new Promise((resolve) => {
      if (!self.indexedDB) return resolve(null);
      const request = indexedDB.open(NAME, 1);
      request.addEventListener("upgradeneeded", () => {
        request.result.createObjectStore("photos", { keyPath: "key" });
        request.result.createObjectStore("settings");
      });
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => resolve(null));
    });
    return opened;
  }

  async function run(store, mode, ask) {
    const database = await open();
    if (!database) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.addEventListener("complete", () => resolve(request.result));
      transaction.addEventListener("error", () => reject(transaction.error));
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
  }

  // False where the device has no room for it: it is sent as long as the page is there.
  async function put(item) {
    try {
      if (await open()) {
        await run("photos", "readwrite", (store) => store.put(item));
        memory.delete(item.key);
        return true;
      }
    } catch {
      // Said below.
    }
    memory.set(item.key, item);
    return false;
  }

  async function remove(key) {
    memory.delete(key);
    await run("photos", "readwrite", (store) => store.delete(key));
  }

  // Oldest first; what was forgotten for a week is dropped.
  async function list(account) {
    const kept = (await run("photos", "readonly", (store) => store.getAll())) ?? [];
    const all = new Map([...kept.map((item) => [item.key, item]), ...memory]);
    const old = [...all.values()].filter((item) => Date.now() - item.addedAt > KEPT_MS);
    for (const item of old) await remove(item.key);
    return [...all.values()]
      .filter((item) => item.account === account && !old.includes(item))
      .sort((one, other) => one.addedAt - other.addedAt);
  }

  async function dropAll(account) {
    for (const item of await list(account)) await remove(item.key);
  }

  const read = (name) => run("settings", "readonly", (store) => store.get(name));
  const write = (name, value) => run("settings", "readwrite", (store) => store.put(value, name));

  // Whoever holds a photo's lock sends it: a page, or the worker. Where there are no locks there is no worker either.
  function hold(key, send) {
    if (!self.navigator.locks) return send();
    return navigator.locks.request(`photo ${key}`, { ifAvailable: true }, (lock) => (lock ? send() : undefined));
  }

  function makeBody(item, token) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    body.append("upload_key", item.key);
    body.append("batch", item.batch);
    body.append("photos", item.file, item.name);
    return body;
  }

  // What the server's answer means for a photo: "sent", "lost" (again later), "signed-out", or "refused" with words.
  function judge({ status, type, isSignIn, text }) {
    const isPage = (type ?? "").startsWith("text/html");
    if (isSignIn) return { state: "signed-out" };
    if (isPage && status >= 200 && status < 300) return { state: "sent" };
    if (status >= 500 || status === 0) return { state: "lost" };
    if (status === 429) return { state: "refused", words: gettext("Too many photos within an hour. Send this one later."), again: true };
    if (isPage) return { state: "refused", words: gettext("It could not be sent. Load this page again, then try once more."), again: true };
    return { state: "refused", words: text, again: status === 409, isKeyTaken: status === 409 };
  }

  const arrive = ({ key, account, batch, addedAt }, html) => put({ key, account, batch, addedAt, state: "arrived", html });

  async function refuse(item, { words, again, isKeyTaken }) {
    Object.assign(item, { state: "refused", words, again: Boolean(again) });
    if (isKeyTaken) {
      await remove(item.key);
      item.key = makeKey();
    }
    await put(item);
  }

  // `crypto.randomUUID` exists only on secure origins; this also works on a phone in the home network.
  function makeKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  return { put, remove, list, dropAll, read, write, hold, makeBody, judge, arrive, refuse, makeKey };
})();
