// A page of an interview: shows and hides at once, saves as one goes, and takes digits for choices.
// Everything works without it; this makes it quicker.
(function () {
  "use strict";

  // The page may come back from the browser's own memory, after "back": then it must not think that it is leaving.
  globalThis.addEventListener("pageshow", (event) => {
    if (event.persisted) globalThis.location.reload();
  });

  const { evaluate, valueOf, numberIn, autosave, status, session, offline } = globalThis.krachtmeting;
  const form = document.getElementById("interview");
  const corrects = "corrects" in form.dataset;
  // The answers of other pages to which conditions of this one refer. Without a network, pages change in place.
  let earlier = {};
  document.documentElement.classList.add("scripted");

  // --- Saving ---------------------------------------------------------------------------------------------------

  const say = status(form);

  // The server's word on what was sent, or the same word found here while there is no network.
  function judged(names, invalid) {
    for (const name of names) {
      const place = document.getElementById(`error-${name}`);
      if (!place) continue;
      place.textContent = invalid[name] || "";
      for (const input of document.querySelectorAll(`#unit-${name} input, #unit-${name} textarea`)) {
        if (input.closest(".reasons") || input.type === "radio" || input.type === "checkbox") continue;
        if (invalid[name]) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
  }

  const saver = autosave(form, say, (names, invalid) => {
    judged(names, invalid);
    away.learn();
  });

  // --- Showing and hiding -----------------------------------------------------------------------------------------

  function refresh() {
    const scope = { ...earlier };
    const visible = [];
    for (const question of form.querySelectorAll("[data-question]")) {
      const asked = holds(question, scope);
      question.hidden = !asked;
      if (!asked) continue;
      const rows = Array.from(question.querySelectorAll("[data-unit]"));
      for (const unit of rows) {
        const here = holds(unit, scope);
        unit.hidden = !here;
        if (here) visible.push(unit.dataset.unit);
        const value = here ? valueOf(unit) : null;
        if (value !== null) scope[unit.dataset.unit] = value;
      }
      // A scale of which no row is asked has nothing to ask.
      question.hidden = rows.length > 0 && rows.every((unit) => unit.hidden);
      if (!question.hidden) visible.push(question.dataset.question);
    }
    form.elements.namedItem("shown").value = visible.join(" ");
  }

  const holds = (element, scope) => !element.dataset.when || evaluate(JSON.parse(element.dataset.when), scope) === true;

  // --- One answer, or a reason ------------------------------------------------------------------------------------

  function untangle(input) {
    const unit = input.closest("[data-unit]");
    if (!unit) return;
    const isReason = input.closest(".reasons") !== null;
    if (isReason && input.value !== "" && !input.name.startsWith("q_")) empty(unit);
    if (!isReason) {
      const reason = unit.querySelector(".reasons input[name^=m_]:checked");
      if (reason) reason.checked = false;
    }
    if (input.type === "checkbox" && input.checked) {
      const alone = "exclusive" in input.dataset;
      for (const other of unit.querySelectorAll(".options input:checked")) {
        if (other !== input && (alone || "exclusive" in other.dataset)) other.checked = false;
      }
    }
    if (isReason && input.value === "") {
      input.checked = false;
      unit.querySelector("input, textarea").focus();
    }
  }

  function empty(unit) {
    for (const input of unit.querySelectorAll("input, textarea")) {
      if (input.closest(".reasons")) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked = false;
      else input.value = "";
    }
  }

  function addUp(unit) {
    const place = unit && unit.querySelector("[data-total]");
    if (!place) return;
    const typed = Array.from(unit.querySelectorAll("[data-part]"), (input) => input.value.replace("%", "").trim());
    const sum = typed.reduce((total, text) => total + (text ? numberIn(text) || 0 : 0), 0);
    place.textContent = typed.some((text) => text) ? form.dataset.saySum.replace("{sum}", String(sum)) : "";
  }

  form.addEventListener("input", (event) => {
    const input = event.target;
    if (input.dataset.note) return saver.changed(input.dataset.note, true);
    if (input.dataset.relay) return saver.changed(input.dataset.relay, false);
    const unit = input.closest("[data-unit]");
    if (!unit) return undefined;
    untangle(input);
    addUp(unit);
    refresh();
    return saver.changed(unit.dataset.unit, input.type !== "radio" && input.type !== "checkbox");
  });

  // Leaving waits for what is on its way. Without a connection the page stays: what was typed is still on it.
  // Once it leaves, more clicks do nothing.
  const LEAVES_WITHIN = 10000;
  let stage = "here";

  // Another language, or who is there: one comes back to where one was.
  form.addEventListener("click", (event) => {
    if (!event.target.closest(".tools button[name=go]")) return;
    const below = Array.from(form.querySelectorAll(".question:not([hidden])")).find((one) => one.getBoundingClientRect().bottom > 120);
    form.elements.namedItem("at").value = below ? below.id : "";
  });

  form.addEventListener("submit", async (event) => {
    if (stage === "ready" || (stage === "here" && !saver.behind && !away.doubtful)) {
      stage = "gone";
      form.dataset.leaving = "";
      setTimeout(stay, LEAVES_WITHIN);
      return;
    }
    event.preventDefault();
    if (stage !== "here") return;
    const button = event.submitter;
    stage = "flushing";
    const safe = await away.reaches();
    if (!safe && (await away.moves(button ? button.value : "stay"))) return stay();
    // A form cannot be sent while it still tells about being sent.
    await new Promise((resolve) => setTimeout(resolve));
    if (!safe && saver.behind) return stay();
    stage = "ready";
    form.requestSubmit(button);
  });

  function stay() {
    stage = "here";
    delete form.dataset.leaving;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || link.target || link.download || elsewhere || event.defaultPrevented) return;
    if (link.pathname === globalThis.location.pathname || (!saver.behind && !away.doubtful)) return;
    event.preventDefault();
    const safe = await away.reaches();
    if (!safe && (await away.follows(link))) return;
    if (safe || !saver.behind) globalThis.location.assign(link.href);
  });

  // --- Keyboard -----------------------------------------------------------------------------------------------------

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && input.matches("input")) {
      event.preventDefault();
      const inputs = Array.from(form.querySelectorAll("input:not([type=hidden]), textarea, button:not(.first-submit)"));
      const after = inputs.slice(inputs.indexOf(input) + 1).find((one) => one.checkVisibility() && one.name !== input.name);
      if (after) after.focus();
      return;
    }
    if (/^[0-9]$/.test(event.key) && input.matches("input[type=radio], input[type=checkbox]")) {
      const options = Array.from(input.closest("[data-unit]").querySelectorAll(".options input, .points input"));
      // On a numbered scale the digit is the point itself ("0" is ten); in a list it is the position.
      const numbered = options.every((option) => "number" in option.dataset);
      const digit = event.key === "0" ? 10 : Number(event.key);
      const chosen = numbered
        ? options.find((option) => Number(option.value) === digit) || options.find((option) => option.value === event.key)
        : options[digit - 1];
      if (!chosen) return;
      event.preventDefault();
      chosen.focus();
      chosen.checked = chosen.type === "radio" ? true : !chosen.checked;
      chosen.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // A page of questions begins: the one that was loaded, or another one in its place.
  function begin() {
    earlier = JSON.parse(form.dataset.earlier);
    refresh();
    form.querySelectorAll("[data-unit]").forEach(addUp);
  }

  const away = offline(form, saver, begin, judged);
  session(form, saver, say, corrects);
  begin();
  const summary = document.getElementById("summary");
  if (summary) summary.focus();
})();
