// What the inputs of a unit hold, as the values that conditions look at.
(function (root) {
  "use strict";

  const western = (typed) =>
    Array.from(typed.trim(), (sign) => {
      const code = sign.codePointAt(0);
      for (const zero of [0x660, 0x6f0]) if (code >= zero && code <= zero + 9) return String(code - zero);
      return sign === "\u2212" || sign === "\u2013" ? "-" : sign;
    }).join("");

  function numberIn(typed) {
    let text = western(typed);
    if (/^[+-]?\d{1,3}([ .,'])\d{3}(\1\d{3})*$/.test(text)) text = text.replace(/[^\d+-]/g, "");
    text = text.replace(",", ".");
    return /^[+-]?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null;
  }

  const parts = (unit) =>
    Object.fromEntries(Array.from(unit.querySelectorAll("[data-part]"), (input) => [input.dataset.part, input.value.trim()]));

  const code = (input) => ("number" in input.dataset ? Number(input.value) : input.value);

  const readers = {
    text: (unit) => unit.querySelector("input").value.trim() || null,
    open: (unit) => unit.querySelector("textarea").value.trim() || null,
    number: (unit) => numberIn(unit.querySelector("input").value),
    choice: (unit) => chosenCode(unit),
    scale: (unit) => chosenCode(unit),
    several(unit) {
      const chosen = Array.from(unit.querySelectorAll(".options input:checked"), code);
      return chosen.length ? chosen : null;
    },
    date(unit) {
      const typed = parts(unit);
      if (Object.values(typed).some((text) => !/^\d+$/.test(western(text)))) return null;
      const pad = (text, size) => western(text).padStart(size, "0");
      return [pad(typed.year, 4), ...("month" in typed ? [pad(typed.month, 2)] : []), ...("day" in typed ? [pad(typed.day, 2)] : [])].join("-");
    },
    duration(unit) {
      const { hours, minutes } = parts(unit);
      if (!hours && !minutes) return null;
      const value = (numberIn(hours || "0") ?? NaN) * 60 + (numberIn(minutes || "0") ?? NaN);
      return Number.isNaN(value) ? null : value;
    },
    share(unit) {
      const typed = parts(unit);
      if (Object.values(typed).every((text) => !text)) return null;
      const shares = Object.fromEntries(Object.entries(typed).map(([part, text]) => [part, numberIn(text.replace("%", "") || "0")]));
      return Object.values(shares).reduce((sum, share) => sum + (share ?? NaN), 0) === 100 ? shares : null;
    },
  };

  function chosenCode(unit) {
    const input = unit.querySelector(".options input:checked, .points input:checked");
    return input ? code(input) : null;
  }

  const hasReason = (unit) => {
    const input = unit.querySelector(".reasons input:checked");
    return input !== null && input.value !== "";
  };

  const valueOf = (unit) => (hasReason(unit) ? null : readers[unit.dataset.kind](unit));

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { valueOf, numberIn });
})(globalThis);
