// The interviewer's side of the participant's screen: says which question is current, and shows what was tapped.
// Whatever goes wrong here, the interview page goes on as before.
(function () {
  "use strict";

  const form = document.getElementById("interview");
  const tools = document.getElementById("screen-tools");
  if (!form || !tools) return;
  const { tell } = globalThis.krachtmeting;
  const PAIRED = 700;
  const WAITING = 2000;
  const FAILED = 5000;
  const SETTLE = 100;

  const status = document.getElementById("screen-status");
  const dark = document.getElementById("screen-blank");
  const says = tools.dataset;

  let state = { standing: "none", tapped: [] };
  let wanted = null;
  let sending = false;
  let pause = null;
  let timer = null;
  // Units whose tap was settled here; the server may not have heard of it when it answers.
  const settled = new Map();
  const local = new Map();

  // --- What is current ----------------------------------------------------------------------------------------------

  function answered(unit) {
    const inputs = Array.from(unit.querySelectorAll("input:not([type=hidden]), textarea"));
    return inputs.some((input) => (input.matches("[type=radio], [type=checkbox]") ? input.checked : input.value.trim() !== ""));
  }

  const visible = (selector) => Array.from(form.querySelectorAll(selector)).filter((one) => one.checkVisibility());

  function first() {
    const units = visible("[data-unit]");
    const linked = units.find((unit) => `#${unit.id}` === globalThis.location.hash);
    const open = linked || units.find((unit) => !answered(unit)) || units[0];
    if (open) return open.dataset.unit;
    const note = visible("[data-question]")[0];
    return note ? note.dataset.question : null;
  }

  function current(target) {
    const unit = target.closest("[data-unit]");
    if (unit) return unit.dataset.unit;
    const question = target.closest("[data-question]");
    if (!question) return null;
    const units = Array.from(question.querySelectorAll("[data-unit]"));
    // The words above several rows belong to all of them: the one that is shown stays.
    if (units.length > 1 && units.some((one) => one.dataset.unit === wanted)) return null;
    return units.length ? units[0].dataset.unit : question.dataset.question;
  }

  function point(event) {
    const unit = current(event.target);
    if (!unit || unit === wanted) return;
    wanted = unit;
    clearTimeout(pause);
    pause = setTimeout(show, SETTLE);
  }

  // One at a time and in order: the last one that was wanted is the one that stays.
  async function show() {
    if (state.standing !== "paired" || sending || !wanted) return;
    sending = true;
    const unit = wanted;
    const answer = await post(says.show, { page: form.dataset.page, unit });
    sending = false;
    if (answer) take(answer);
    if (wanted !== unit) show();
  }

  form.addEventListener("focusin", point);
  form.addEventListener("pointerdown", point);

  // --- Asking and telling -------------------------------------------------------------------------------------------

  async function post(address, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.set("csrf_token", form.elements.namedItem("csrf_token").value);
    body.set("script", "1");
    try {
      const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(FAILED) });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function ask() {
    clearTimeout(timer);
    let answer = null;
    try {
      const heard = await fetch(says.state, { signal: AbortSignal.timeout(FAILED), cache: "no-store" });
      if (heard.ok) answer = await heard.json();
    } catch {
      // No connection: the page says so where it saves.
    }
    if (answer) take(answer);
    if (document.visibilityState === "hidden") return;
    const next = answer ? { paired: PAIRED, waiting: WAITING }[answer.standing] : FAILED;
    if (next && state.standing !== "none") timer = setTimeout(ask, next);
  }

  function take(next) {
    const began = next.standing === "paired" && state.standing !== "paired";
    state = next;
    tools.dataset.standing = state.standing;
    draw();
    if (began) {
      wanted = wanted || first();
      show();
    }
  }

  // --- The bar, the sign on the question, and taps ------------------------------------------------------------------

  function draw() {
    const paired = state.standing === "paired";
    const words = { none: "", waiting: says.sayWaiting, paired: state.there ? says.sayThere : says.sayAway }[state.standing];
    const text = paired && state.blank ? says.sayBlank : words;
    if (status.textContent !== text) status.textContent = text;
    dark.hidden = !paired;
    dark.textContent = state.blank ? says.sayLight : says.sayDark;
    dark.dataset.dark = state.blank ? "1" : "";
    mark(paired && !state.blank && state.page === form.dataset.page ? state.unit : null);
    for (const [unit, when] of settled) if (Date.now() - when > FAILED) settled.delete(unit);
    const taps = new Map(state.tapped.map((tap) => [tap.unit, tap]));
    for (const [unit, tap] of local) taps.set(unit, tap);
    for (const note of form.querySelectorAll("[data-tapped]")) if (!taps.has(note.dataset.tapped)) note.remove();
    for (const tap of taps.values()) if (!settled.has(tap.unit)) note(tap);
  }

  function mark(unit) {
    const one = unit && document.getElementById(`unit-${unit}`);
    const place = one && one.matches(".item") ? one : one ? one.closest("[data-question]") : unit && document.getElementById(`question-${unit}`);
    for (const other of form.querySelectorAll("[data-on-screen]")) if (other !== place) delete other.dataset.onScreen;
    if (place) place.dataset.onScreen = says.sayOnScreen;
  }

  const inputs = (tap) => {
    const all = Array.from(form.querySelectorAll(`[name="q_${tap.unit}"], [name="m_${tap.unit}"]`));
    if (tap.reason) return all.filter((input) => input.value === (input.name.startsWith("q_") ? `!${tap.reason}` : tap.reason));
    return all.filter((input) => input.name.startsWith("q_") && tap.answers.includes(input.value));
  };

  function label(input) {
    const words = input.closest("label").querySelector(".words:not(.second)") || input.closest("label");
    return words.textContent.trim();
  }

  function note(tap) {
    const place = document.getElementById(`unit-${tap.unit}`);
    if (!place) return;
    const key = JSON.stringify([tap.answers, tap.reason]);
    const before = place.querySelector("[data-tapped]");
    if (before && before.dataset.key === key) return;
    const chosen = inputs(tap);
    const line = document.createElement("div");
    line.className = "tapped";
    line.dataset.tapped = tap.unit;
    line.dataset.key = key;
    line.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = says.sayTapped.replace("{words}", tap.words || chosen.map(label).join(", "));
    line.append(words, button(says.sayTakeOver, "button", () => takeOver(tap, line)), button(says.sayNo, "button quiet", () => settle(tap, line, says.decline, {})));
    if (before) before.replaceWith(line);
    else place.append(line);
  }

  function button(text, classes, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = classes;
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  }

  // Fills the answer in as a click would; the page saves it as it saves everything.
  function takeOver(tap, line) {
    const chosen = inputs(tap);
    if (!tap.reason) {
      for (const other of form.querySelectorAll(`[name="q_${tap.unit}"]:checked`)) other.checked = chosen.includes(other);
    }
    for (const input of chosen) input.checked = true;
    if (chosen.length) {
      chosen[0].dispatchEvent(new Event("input", { bubbles: true }));
      chosen[0].focus();
    }
    settle(tap, line, says.confirm, tap);
  }

  function settle(tap, line, address, recorded) {
    settled.set(tap.unit, Date.now());
    local.delete(tap.unit);
    line.remove();
    const fields = [["unit", tap.unit], ["script", "1"], ...(recorded.answers || []).map((value) => ["answer", value])];
    if (recorded.reason) fields.push(["reason", recorded.reason]);
    tell(address, fields).then((answer) => {
      if (answer && answer.ok) settled.delete(tap.unit);
      return ask();
    });
  }

  document.addEventListener("card-tapped", (event) => {
    local.set(event.detail.unit, event.detail);
    settled.delete(event.detail.unit);
    draw();
  });

  dark.addEventListener("click", async () => {
    const answer = await post(says.blank, { dark: state.blank ? "" : "1" });
    if (answer) take(answer);
    else status.textContent = says.sayFailed;
  });

  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  tools.classList.add("scripted-tools");
  // Most interviews have no second screen: then nothing is asked.
  if (says.paired) ask();
})();
