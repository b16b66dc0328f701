// The participant's own device: follows the interviewer, shows one question, and stays calm without a connection.
(function () {
  "use strict";

  const { tapping, say, readAloud } = globalThis.krachtmeting;
  const PAUSES = [400, 1000, 2000, 4000];
  const LIMIT = 4000;
  const QUIET_AFTER = 3000;
  const ALONE_AFTER = 60000;

  const device = document.getElementById("device").dataset;
  const main = document.getElementById("main");
  const contact = document.getElementById("contact");
  const csrf = document.getElementById("csrf");
  const words = (name) => document.querySelector(`template[data-control=${name}]`).content.textContent;

  let step = device.step;
  let html = null;
  let blank = "blank" in device;
  let ended = "ended" in device;
  let heard = performance.now();
  let failures = 0;
  let timer = null;
  let asking = false;
  let again = false;
  // What was tapped and did not reach the server yet.
  let waiting = null;
  // The question, kept aside while there has been no contact for long.
  let aside = null;
  let stopReading = () => {};

  // A page that comes back from the browser's memory could show what has ended long ago.
  globalThis.addEventListener("pageshow", (event) => event.persisted && globalThis.location.reload());

  // --- Asking -------------------------------------------------------------------------------------------------------

  async function ask() {
    clearTimeout(timer);
    if (ended) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(`${device.now}?step=${encodeURIComponent(step)}`, { signal: AbortSignal.timeout(LIMIT), cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = answer.status === 204 ? null : await answer.json();
      hear();
      if (state) show(state);
      if (waiting) await deliver();
    } catch {
      failures += 1; // No connection, or none that answers in time: `look` says so in its time.
    }
    asking = false;
    if (ended || document.visibilityState === "hidden") return;
    const pause = again ? 0 : PAUSES[Math.min(failures, PAUSES.length - 1)];
    again = false;
    timer = setTimeout(ask, pause);
  }

  function hear() {
    heard = performance.now();
    failures = 0;
    contact.hidden = true;
    if (aside) {
      main.replaceChildren(...aside);
      aside = null;
      prepare();
    }
  }

  // --- Showing ------------------------------------------------------------------------------------------------------

  function show(state) {
    step = state.step;
    if (state.csrf) csrf.value = state.csrf;
    if (state.ended) return finish(state.html);
    document.documentElement.lang = state.lang;
    document.documentElement.dir = state.dir;
    document.body.classList.toggle("dark", state.blank);
    if (state.html !== html) {
      const before = unit();
      const focused = document.activeElement;
      stopReading();
      // Another question is told to who cannot see it come; what changes under one's own finger is not said again.
      main.setAttribute("aria-live", (/data-one="([^"]*)"/.exec(state.html)?.[1] ?? "") === before ? "off" : "polite");
      main.innerHTML = state.html;
      html = state.html;
      prepare();
      if (unit() !== before) {
        globalThis.scrollTo(0, 0);
        waiting = null;
      } else if (focused && focused.name) {
        const same = main.querySelector(`[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`);
        if (same) same.focus();
      }
    }
    blank = state.blank;
    return undefined;
  }

  const unit = () => {
    const one = main.querySelector("[data-one]");
    return one ? one.dataset.one : "";
  };

  function finish(last) {
    ended = true;
    stopReading();
    html = null;
    waiting = aside = null;
    contact.hidden = true;
    document.body.classList.remove("dark");
    main.innerHTML = last;
    if (!last) globalThis.location.replace(device.join);
  }

  function prepare() {
    stopReading = readAloud(main, (name, keys, how) => {
      const sent = new FormData();
      sent.set("unit", name);
      sent.set("keys", keys.join(" "));
      sent.set("how", how);
      sent.set("csrf_token", csrf.value);
      fetch(device.played, { method: "POST", body: sent, keepalive: true }).catch(() => {});
    });
  }

  // --- No contact ---------------------------------------------------------------------------------------------------

  function look() {
    if (ended || blank || document.visibilityState === "hidden") {
      contact.hidden = true;
      return;
    }
    const silence = performance.now() - heard;
    if (silence > ALONE_AFTER && !aside) {
      stopReading();
      const line = document.createElement("h1");
      line.className = "one-text";
      line.textContent = words("ask_interviewer");
      const place = document.createElement("div");
      place.className = "one one-message";
      place.append(line);
      aside = Array.from(main.childNodes);
      main.replaceChildren(place);
    }
    contact.hidden = silence <= QUIET_AFTER || aside !== null;
    const text = contact.hidden ? "" : words("look_on");
    if (contact.textContent !== text) contact.textContent = text;
  }

  // --- Tapping ------------------------------------------------------------------------------------------------------

  tapping(main, (form, sent) => {
    say(main, "");
    sent.set("script", "1");
    waiting = { address: form.action, sent, tries: 0 };
    deliver();
  });

  async function deliver() {
    const mine = waiting;
    if (!mine || mine.going) return;
    mine.going = true;
    mine.sent.set("csrf_token", csrf.value);
    let answer = null;
    try {
      answer = await fetch(mine.address, { method: "POST", body: mine.sent, signal: AbortSignal.timeout(LIMIT) });
    } catch {
      // It is sent again with the next sign of life.
    }
    mine.going = false;
    if (!answer || waiting !== mine) return;
    mine.tries += 1;
    // A token that somebody's signing in or out on this device made worthless is made anew, once.
    if (answer.status !== 400 || mine.tries > 1) waiting = null;
    if (answer.status === 422) say(main, (await answer.json()).say);
    else {
      if (!answer.ok) step = "";
      ask();
    }
  }

  // --- Going on -----------------------------------------------------------------------------------------------------

  async function stayLit() {
    if (!navigator.wakeLock) return;
    try {
      await navigator.wakeLock.request("screen");
    } catch {
      // The device decides; then it goes dark by itself after a while.
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" || ended) return stopReading();
    heard = performance.now();
    stayLit();
    return ask();
  });
  globalThis.addEventListener("online", ask);
  setInterval(look, 250);
  prepare();
  stayLit();
  ask();
})();
