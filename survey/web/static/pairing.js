// The page with the code: goes on by itself as soon as the device has joined.
(function () {
  "use strict";

  const waiting = document.getElementById("waiting");
  if (!waiting) return;
  const EVERY = 1500;

  async function look() {
    try {
      const state = await (await fetch(waiting.dataset.state, { cache: "no-store" })).json();
      if (state.standing === "paired") return globalThis.location.assign(waiting.dataset.tools);
      if (state.standing === "none") return undefined;
    } catch {
      // No connection: the next look will tell.
    }
    return setTimeout(look, EVERY);
  }

  look();
})();
