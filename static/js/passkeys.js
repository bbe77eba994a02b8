// What a passkey that did not come of it says to whoever waits. The ceremony itself is django-allauth's.

const SAID = {
  NotAllowedError: gettext("Nothing was confirmed. Try once more when you are ready."),
  InvalidStateError: gettext("This device has a passkey of yours already."),
  NotSupportedError: gettext("This device has no passkey that fits."),
  SecurityError: gettext("Passkeys need https."),
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  const notice = document.createElement("div");
  notice.className = "notice notice--bad";
  const words = document.createElement("p");
  words.textContent = SAID[exception?.name] ?? gettext("The passkey could not be read. Try once more.");
  notice.append(document.createElement("span"), words);
  document.getElementById("notices").replaceChildren(notice);
});
