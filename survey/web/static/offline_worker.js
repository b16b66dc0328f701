// The service worker as a page sees it: set to work once, and kept awake while somebody is here, since it has the key.
(function (root) {
  "use strict";

  const ALIVE_EVERY = 20000;
  const SIGNS = ["input", "pointerdown", "keydown"];

  function worker() {
    const workers = navigator.serviceWorker;
    // Over plain http there is none: then a page that is loaded anew needs the network.
    if (!workers || !root.isSecureContext) return;
    workers.register("/service-worker.js").catch(() => {});
    let active = true;
    for (const sign of SIGNS) document.addEventListener(sign, () => (active = true), { passive: true });
    const tell = () => {
      if (workers.controller) workers.controller.postMessage({ kind: "alive", active });
      active = false;
    };
    setInterval(tell, ALIVE_EVERY);
    tell();
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { worker });
})(globalThis);
