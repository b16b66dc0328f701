// An answer that a participant taps on a card: shown as chosen at once, and handed to whoever sends it.
(function (root) {
  "use strict";

  // Within `place` stands one card at a time. `send(form, sent)` gets what was tapped, as FormData.
  function tapping(place, send) {
    place.addEventListener("submit", (event) => {
      const form = event.target.closest(".one-form");
      if (!form) return;
      event.preventDefault();
      const pressed = event.submitter;
      const sent = new FormData(form);
      if (pressed && pressed.name) {
        // A reason goes alone, whatever was chosen before it.
        if (pressed.name === "reason") sent.delete("answer");
        sent.append(pressed.name, pressed.value);
      }
      press(form, pressed);
      send(form, sent);
    });
    place.addEventListener("input", (event) => {
      const input = event.target;
      if (!input.matches(".one-option input") || !input.checked) return;
      const alone = "exclusive" in input.dataset;
      for (const other of input.form.querySelectorAll(".one-option input:checked")) {
        if (other !== input && (alone || "exclusive" in other.dataset)) other.checked = false;
      }
      for (const reason of input.form.querySelectorAll(".one-reason")) reason.setAttribute("aria-pressed", "false");
    });
  }

  function press(form, pressed) {
    if (!pressed || !pressed.name) return;
    for (const option of form.querySelectorAll("[aria-pressed]")) option.setAttribute("aria-pressed", String(option === pressed));
    if (pressed.name === "reason") for (const input of form.querySelectorAll("input:checked")) input.checked = false;
  }

  // Shows a card as chosen what is chosen elsewhere: `answers` are values as texts, `reason` one for no answer.
  function choose(place, answers, reason) {
    for (const option of place.querySelectorAll("button.one-option")) {
      const chosen = option.name === "reason" ? option.value === reason : answers.includes(option.value);
      option.setAttribute("aria-pressed", String(chosen));
    }
    for (const input of place.querySelectorAll(".one-option input")) input.checked = answers.includes(input.value);
  }

  const say = (place, words) => {
    const line = place.querySelector(".one-said");
    if (line) line.textContent = words;
  };

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { tapping, choose, say });
})(globalThis);
