// On pages for staff without an interview: told before the session ends, and longer with one press.
(function () {
  "use strict";

  const place = document.getElementById("staying");
  if (!place) return;
  const WARN_BELOW = 180;
  const SOON = 20;
  // Told to who cannot see it come, once there is something to tell.
  place.setAttribute("role", "status");
  const words = place.querySelector("p");
  const button = place.querySelector("button");
  let token = "";
  let before = null;
  let timer;

  async function look() {
    clearTimeout(timer);
    let wait = SOON;
    try {
      const state = await (await fetch(place.dataset.session)).json();
      const same = state.person === place.dataset.person;
      token = state.csrf;
      tell(same, Math.ceil(state.seconds / 60), same && state.seconds > WARN_BELOW);
      if (same) wait = Math.max(SOON, state.seconds - WARN_BELOW);
    } catch {
      // No connection: the next look will tell.
    }
    timer = setTimeout(look, wait * 1000);
  }

  function tell(same, minutes, hidden) {
    const text = same ? place.dataset.sayEnds.replace("{minutes}", String(minutes)) : place.dataset.sayAway;
    if (!hidden && words.textContent !== text) words.textContent = text;
    button.hidden = !same;
    place.hidden = hidden;
  }

  place.addEventListener("focusin", (event) => {
    if (event.relatedTarget && !place.contains(event.relatedTarget)) before = event.relatedTarget;
  });
  button.addEventListener("click", async () => {
    const body = new FormData();
    body.set("csrf_token", token);
    try {
      await fetch(place.dataset.extend, { method: "POST", body });
    } catch {
      return; // No connection: the warning stays, and so does its button.
    }
    // The focus goes back to where it was, and not to nowhere.
    (before && before.isConnected ? before : document.getElementById("main")).focus();
    look();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  timer = setTimeout(look, SOON * 1000);
})();
