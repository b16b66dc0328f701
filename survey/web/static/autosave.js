// Autosave: what changed is sent at once, in order, and the page says truthfully whether it is saved.
(function (root) {
  "use strict";

  const TYPING_PAUSE = 400;
  const FLUSH_LIMIT = 8000;
  const LONGEST_WAIT = 3000;
  // Browsers refuse more than 64 KiB for a request that may outlive its page.
  const OUTLIVING_LIMIT = 60000;
  const RETRY = [1000, 2000, 5000, 10000, 20000];

  // `form` is the interview's form; `say(state, time)` shows "saving", "saved", "unsaved", "offline", "signed-out",
  // "conflict", "locked" or "refused"; `judged(units, invalid)` shows the server's word on what was sent.
  function autosave(form, say, judged) {
    const waiting = new Set();
    let sending = null;
    let timer = null;
    let failures = 0;
    let halted = null;
    let since = 0;

    const field = (name) => form.elements.namedItem(name);

    function body(units) {
      const all = new FormData(form);
      const some = new FormData();
      for (const [name, value] of all) {
        const unit = name.slice(2).split(".")[0];
        if (/^[qmnr]_/.test(name) && units.includes(unit)) some.append(name, value);
      }
      some.set("units", units.join(" "));
      some.set("page", form.dataset.page);
      some.set("base", field("base").value);
      some.set("tab", field("tab").value);
      some.set("texts", field("texts").value);
      some.set("csrf_token", field("csrf_token").value);
      return some;
    }

    function post(units) {
      const sent = body(units);
      let size = 0;
      for (const [name, value] of sent) size += name.length + new Blob([value]).size + 150;
      return fetch(form.dataset.save, { method: "POST", body: sent, keepalive: size < OUTLIVING_LIMIT, redirect: "error" });
    }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    }

    function halt(state) {
      halted = state;
      say(state);
    }

    function failed(units, state) {
      units.forEach((unit) => waiting.add(unit));
      say(state);
      later(RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    }

    async function send() {
      clearTimeout(timer);
      if (sending || waiting.size === 0 || halted) return;
      const units = Array.from(waiting);
      waiting.clear();
      sending = units;
      say("saving");
      try {
        const answer = await post(units).catch(() => null);
        const said = answer && answer.ok ? await answer.json().catch(() => null) : null;
        if (answer === null) failed(units, "offline");
        else if (said !== null) received(units, said);
        else if (answer.status === 401 || answer.status === 400) await signInAgain(units);
        else if (answer.status === 409) {
          units.forEach((unit) => waiting.add(unit));
          halt("conflict");
        } else if (answer.status === 423) {
          units.forEach((unit) => waiting.add(unit));
          halt("locked");
        } else if (answer.ok || answer.status >= 500) failed(units, "unsaved");
        else {
          units.forEach((unit) => waiting.add(unit));
          halt("refused");
        }
      } finally {
        sending = null;
        if (waiting.size > 0 && failures === 0) later(0);
      }
    }

    function received(units, said) {
      failures = 0;
      // Two answers may cross; the newest version counts.
      field("base").value = String(Math.max(Number(field("base").value), said.version));
      judged(units.filter((unit) => !waiting.has(unit)), said.invalid);
      form.querySelector("progress").value = said.progress;
      if (waiting.size === 0) say("saved", said.at);
    }

    // After signing in again in another tab the same page goes on, with a fresh token; not under another person's name.
    async function signInAgain(units) {
      const state = await fetch(form.dataset.session).then((answer) => answer.json()).catch(() => ({}));
      const same = state.person === field("person").value;
      if (same) field("csrf_token").value = state.csrf;
      failed(units, same ? "unsaved" : "signed-out");
    }

    root.addEventListener("pagehide", () => {
      if (waiting.size > 0 && !halted) {
        post(Array.from(waiting)).catch(() => {});
      }
    });
    root.addEventListener("online", () => later(0));
    root.addEventListener("beforeunload", (event) => {
      if (waiting.size > 0 && form.dataset.leaving === undefined) event.preventDefault();
    });
    // Going away sends what waits; coming back, as from signing in again in another tab, tries at once.
    document.addEventListener("visibilitychange", send);

    return {
      changed(unit, typing) {
        if (waiting.size === 0) since = Date.now();
        waiting.add(unit);
        if (!halted) {
          say("unsaved");
          later(typing ? Math.max(0, Math.min(TYPING_PAUSE, since + LONGEST_WAIT - Date.now())) : 0);
        }
      },
      // Whether anything that was filled in is not with the server yet.
      get behind() {
        return waiting.size > 0 || sending !== null;
      },
      // Sends what waits, however lately that failed, and tells whether everything that was filled in is with the server.
      async flush() {
        const end = Date.now() + FLUSH_LIMIT;
        failures = 0;
        while ((waiting.size > 0 || sending) && !halted && failures === 0 && Date.now() < end) {
          if (!sending) send();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return halted !== null || (waiting.size === 0 && sending === null);
      },
    };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { autosave });
})(globalThis);
