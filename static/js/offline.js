// The offline page asks every ten seconds whether the line is back, then opens what was asked for.
const PERIOD_MS = 10_000;

async function tryAgain() {
  try {
    const answer = await fetch("/livez", { cache: "no-store" });
    if (answer.ok && location.pathname !== "/offline/") location.reload();
    else if (answer.ok) location.assign("/");
  } catch {
    // Still no line: the next turn asks again.
  }
}

document.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault();
  tryAgain();
});
setInterval(tryAgain, PERIOD_MS);
addEventListener("online", tryAgain);
