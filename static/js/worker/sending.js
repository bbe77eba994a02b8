// The service worker's part of sending photos: what a page left behind goes on without it. A page of the queue that is
// open sends by itself, and shows how far each photo is.

const SEND_TAG = "photos";
const TOLD = "photos";

self.addEventListener("sync", (event) => {
  if (event.tag === SEND_TAG) event.waitUntil(sendWaiting());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "send-photos") event.waitUntil(sendWaiting().catch(() => {}));
});

// Rejects where the line is lost, so that the browser's own sync asks again later.
async function sendWaiting() {
  const answer = await fetch(QUEUE_ADDRESS, { cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return; // Signed out: they wait.
  const { account, token } = await answer.json();
  if (await photoQueue.read(`paused ${account}`)) return;
  for (const item of await photoQueue.list(account)) {
    if (item.state === "waiting") await photoQueue.hold(item.key, () => sendOne(item, token));
  }
}

async function sendOne(item, token) {
  const { key } = item;
  if (!(await photoQueue.list(item.account)).some((one) => one.key === key && one.state === "waiting")) return;
  const answer = await fetch(UPLOAD_ADDRESS, { method: "POST", body: photoQueue.makeBody(item, token) });
  const text = await answer.text();
  const type = answer.headers.get("Content-Type");
  const verdict = photoQueue.judge({ status: answer.status, type, isSignIn: answer.redirected, text });
  if (verdict.state === "sent") await photoQueue.arrive(item, text);
  if (verdict.state === "refused") await photoQueue.refuse(item, verdict);
  if (verdict.state === "lost") throw new Error("the line dropped");
  const html = verdict.state === "sent" ? text : "";
  if (verdict.state !== "signed-out") new BroadcastChannel(TOLD).postMessage({ key, html, batch: item.batch });
}
