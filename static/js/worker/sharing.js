// Photos that another app shares with this one: they wait in the queue until whoever is signed in says that they are
// meant. A strange page can post here, too, so nothing is sent by itself.

const MOST_SHARED = 100;

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "POST" || new URL(request.url).pathname !== SHARE_ADDRESS) return;
  event.respondWith(takeShared(request));
});

async function takeShared(request) {
  const files = (await request.formData()).getAll("photos").filter((one) => one instanceof File);
  const account = await photoQueue.read("account");
  for (const file of account ? files.slice(0, MOST_SHARED) : []) {
    const { name, size } = file;
    await photoQueue.put({ key: photoQueue.makeKey(), account, batch: "", name, size, file, state: "shared", addedAt: Date.now() });
  }
  return Response.redirect(UPLOAD_ADDRESS, 303);
}
