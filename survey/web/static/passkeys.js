// Asks the browser for a passkey, and sends what it answers with the form. Without passkeys a sentence stands there.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Options come as JSON, in which bytes are base64url.
  const read = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return options;
  };

  const written = (found) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[name]) response[name] = text(found.response[name]);
    }
    return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response });
  };

  const prepare = (form) => {
    const problem = form.querySelector("[data-passkey-problem]");
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      problem.hidden = true;
      try {
        const publicKey = read(JSON.parse(form.dataset.options));
        const found = form.dataset.passkey === "make"
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
        form.elements.credential.value = written(found);
        form.submit();
      } catch {
        problem.hidden = false;
        busy = false;
      }
    });
  };

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    prepare(form);
    form.hidden = false;
  }
  for (const without of document.querySelectorAll("[data-without-passkey]")) without.hidden = true;
})();
