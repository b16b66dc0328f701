// Autosave: what changed is sent at once, in order, and the page says truthfully whether it is saved.
(function (root) {
  "use strict";

  const TYPING_PAUSE = 400;
  const FLUSH_LIMIT = 8000;
  const RETRY = [1000, 2000, 5000, 10000, 20000];

  // `form` is the interview's form; `say(state, time)` shows "saving", "saved", "unsaved", "offline", "signed-out",
  // "conflict" or "refused"; `judged(units, invalid)` shows the server's word on what was sent.
  function autosave(form, say, judged) {
    const waiting = new Set();
    let sending = null;
    let timer = null;
    let failures = 0;
    let halted = null;

    const field = (name) => form.elements.namedItem(name);

    function body(units) {
      const all = new FormData(form);
      const some = new FormData();
      for (const [name, value] of all) {
        const unit = name.slice(2).split(".")[0];
        if (/^[qmn]_/.test(name) && units.includes(unit)) some.append(name, value);
      }
      some.set("units", units.join(" "));
      some.set("page", form.dataset.page);
      some.set("base", field("base").value);
      some.set("tab", field("tab").value);
      some.set("csrf_token", field("csrf_token").value);
      return some;
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
        const answer = await fetch(form.dataset.save, { method: "POST", body: body(units), keepalive: true, redirect: "error" });
        if (answer.ok) await received(units, await answer.json());
        else if (answer.status === 401 || answer.status === 400) await signInAgain(units);
        else if (answer.status === 409) {
          units.forEach((unit) => waiting.add(unit));
          halt("conflict");
        } else if (answer.status >= 500) failed(units, "unsaved");
        else {
          units.forEach((unit) => waiting.add(unit));
          halt("refused");
        }
      } catch {
        failed(units, "offline");
      } finally {
        sending = null;
        if (waiting.size > 0 && failures === 0) later(0);
      }
    }

    async function received(units, said) {
      failures = 0;
      // Two answers may cross; the newest version counts.
      field("base").value = String(Math.max(Number(field("base").value), said.version));
      judged(units.filter((unit) => !waiting.has(unit)), said.invalid);
      if (waiting.size === 0) say("saved", said.at);
    }

    // After signing in again in another tab the same page goes on, with a fresh token.
    async function signInAgain(units) {
      const state = await (await fetch(form.dataset.session)).json();
      if (state.csrf) field("csrf_token").value = state.csrf;
      failed(units, state.seconds > 0 ? "unsaved" : "signed-out");
    }

    root.addEventListener("pagehide", () => {
      if (waiting.size > 0 && !halted) {
        const units = Array.from(waiting);
        fetch(form.dataset.save, { method: "POST", body: body(units), keepalive: true }).catch(() => {});
      }
    });
    root.addEventListener("online", () => later(0));
    root.addEventListener("beforeunload", (event) => {
      if (waiting.size > 0 && form.dataset.leaving === undefined) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") send();
    });

    return {
      changed(unit, typing) {
        waiting.add(unit);
        if (!halted) {
          say("unsaved");
          later(typing ? TYPING_PAUSE : 0);
        }
      },
      // Sends what waits and tells whether everything that was filled in is with the server.
      async flush() {
        const end = Date.now() + FLUSH_LIMIT;
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
