// How long somebody is still signed in: told before it ends, and longer with one press.
// Once it ended, the page is covered, and one signs in over it.
(function (root) {
  "use strict";

  const WARN_BELOW = 180;
  const LOOK_EVERY = 20000;

  // `saver` tells whether something is behind, `say` shows the state of saving; `corrects`: a page that was handed in.
  function session(form, saver, say, corrects) {
    const warning = document.getElementById("session-warning");
    const field = (name) => form.elements.namedItem(name);
    const cover = root.krachtmeting.cover ? root.krachtmeting.cover(form, saver) : null;

    async function look() {
      let state;
      try {
        const answer = await fetch(form.dataset.session);
        if (!answer.ok) return;
        state = await answer.json();
      } catch {
        return; // No connection: the next look will tell.
      }
      const same = state.person === field("person").value;
      warning.hidden = !same || state.seconds > WARN_BELOW;
      if (!warning.hidden) warn(Math.ceil(state.seconds / 60));
      if (same) backAgain(state);
      else if (cover && state.person) cover.anotherPerson();
      else if (cover) cover.ask();
      else goAway();
    }

    // Who fills in alone has no cover: the line says how to go on, and once one is back what it said before.
    const line = document.getElementById("saved");
    let said = null;

    function goAway() {
      if (said === null) said = { state: line.dataset.state, text: line.textContent };
      say(saver.behind ? "signed-out" : "away");
    }

    function backAgain(state) {
      field("csrf_token").value = state.csrf;
      if (cover) cover.lift();
      if (said !== null && line.dataset.state === "away") {
        if (said.state) line.dataset.state = said.state;
        else delete line.dataset.state;
        line.textContent = said.text;
      }
      said = null;
    }

    function warn(minutes) {
      const safe = !corrects && !saver.behind;
      const text = form.dataset.sayEnds.replace("{minutes}", String(minutes)) + (safe ? ` ${form.dataset.sayAllSaved}` : "");
      if (warning.dataset.text === text) return;
      warning.dataset.text = text;
      // The button stays the same one while the minutes go: who is on it with the keyboard stays there.
      const told = warning.querySelector("p");
      if (told) {
        told.textContent = text;
        return;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = form.dataset.sayStay;
      button.addEventListener("click", extend);
      const words = document.createElement("p");
      words.textContent = text;
      warning.replaceChildren(words, button);
    }

    let before = null;
    warning.addEventListener("focusin", (event) => {
      if (event.relatedTarget && !warning.contains(event.relatedTarget)) before = event.relatedTarget;
    });

    async function extend() {
      const body = new FormData();
      body.set("csrf_token", field("csrf_token").value);
      try {
        await fetch(form.dataset.extend, { method: "POST", body });
      } catch {
        return; // No connection: the warning stays, and so does its button.
      }
      delete warning.dataset.text;
      // The focus goes back to where it was, and not to nowhere.
      (before && before.isConnected ? before : document.getElementById("main")).focus();
      warning.hidden = true;
      look();
    }

    if (cover) {
      form.addEventListener("signed-out", cover.ask);
      // Something was saved under this name: somebody signed in elsewhere.
      form.addEventListener("through", cover.lift);
      form.addEventListener("ask-sign-in", cover.ask);
      form.addEventListener("other-person", cover.anotherPerson);
    }
    setInterval(look, LOOK_EVERY);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
    look();
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { session });
})(globalThis);
