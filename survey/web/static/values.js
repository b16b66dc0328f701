// What the inputs of a unit hold, as the values that conditions look at: the same as each kind's `parse` in Python.
// What is no answer yet (out of bounds, half a date, parts that make no 100 %) counts as no answer, there and here.
(function (root) {
  "use strict";

  const GROUPED = /^([+-]?[1-9]\d{0,2}([ .,'\u00a0\u202f\u066c])\d{3}(?:\2\d{3}){0,3})((?!\2)[.,\u066b]\d+)?$/;
  const PLAIN = /^[+-]?\d{1,15}([.,\u066b]\d+)?$/;
  const DIGIT = /^\p{Nd}$/u;

  // Each script has its ten digits in a row, from zero.
  function digit(sign) {
    let before = 0;
    while (DIGIT.test(String.fromCodePoint(sign.codePointAt(0) - before - 1))) before += 1;
    return String(before % 10);
  }

  const western = (typed) =>
    Array.from(typed.trim(), (sign) => (DIGIT.test(sign) ? digit(sign) : sign === "\u2212" || sign === "\u2013" ? "-" : sign)).join("");

  // What was typed as {value} (null where nothing was), or as {code} of what is wrong with it.
  function readNumber(typed, decimals = 0) {
    let text = western(typed);
    if (!text) return { value: null };
    const grouped = GROUPED.exec(text);
    const plain = PLAIN.test(text);
    if (grouped && (decimals < 3 || !plain)) text = grouped[1].replace(/[^\d+-]/g, "") + (grouped[3] || "");
    else if (!plain) return { code: "number.unreadable" };
    const [whole, fraction = ""] = text.split(/[.,\u066b]/);
    const kept = fraction.replace(/0+$/, "");
    if (kept.length > decimals) return { code: decimals === 0 ? "number.whole" : "number.decimals" };
    return { value: Number(`${whole}.${kept || "0"}`) };
  }

  // The number in what was typed; null where nothing was, NaN where it is no number.
  function numberIn(typed, decimals = 0) {
    const { value, code } = readNumber(typed, decimals);
    return code ? NaN : value;
  }

  const parts = (unit) =>
    Object.fromEntries(Array.from(unit.querySelectorAll("[data-part]"), (input) => [input.dataset.part, input.value.trim()]));

  // Both limits may be absent. Dates compare as texts, numbers as numbers.
  const within = (value, { least, most }, read) =>
    (least === undefined || value >= read(least)) && (most === undefined || value <= read(most)) ? value : null;

  const limits = (unit) => unit.querySelector("[data-limits]").dataset;

  const code = (input) => ("number" in input.dataset ? Number(input.value) : input.value);

  function existing(year, month, day) {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return year > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  }

  const readers = {
    text: (unit) => unit.querySelector("input").value.trim().replace(/\s+/g, " ") || null,
    open: (unit) => unit.querySelector("textarea").value.trim() || null,
    number(unit) {
      const value = numberIn(unit.querySelector("input").value, Number(limits(unit).decimals));
      return value === null ? null : within(value, limits(unit), Number);
    },
    choice: (unit) => chosenCode(unit),
    scale: (unit) => chosenCode(unit),
    several(unit) {
      const inputs = Array.from(unit.querySelectorAll(".options input:checked"));
      const alone = inputs.some((input) => "exclusive" in input.dataset);
      const fits = alone ? inputs.length === 1 && within(1, { most: limits(unit).most }, Number) : within(inputs.length, limits(unit), Number);
      return inputs.length && fits ? inputs.map(code) : null;
    },
    date(unit) {
      const typed = Object.fromEntries(Object.entries(parts(unit)).map(([part, text]) => [part, western(text)]));
      const { year, month = "1", day = "1" } = typed;
      if (Object.values(typed).some((text) => !/^\d+$/.test(text)) || year.length !== 4) return null;
      if (!existing(Number(year), Number(month), Number(day))) return null;
      const two = (text) => text.replace(/^0+/, "").padStart(2, "0");
      const value = [year, ...("month" in typed ? [two(month)] : []), ...("day" in typed ? [two(day)] : [])].join("-");
      return within(value, limits(unit), String);
    },
    duration(unit) {
      const [hours, minutes] = ["hours", "minutes"].map((part) => numberIn(parts(unit)[part]));
      if (hours === null && minutes === null) return null;
      if (!(hours >= 0 && minutes >= 0 && minutes < 60)) return null;
      return within(hours * 60 + minutes, limits(unit), Number);
    },
    share(unit) {
      const typed = Object.entries(parts(unit)).map(([part, text]) => [part, numberIn(text.replace(/%+$/, ""))]);
      if (typed.every(([, share]) => share === null) || typed.some(([, share]) => !(share >= 0 && share <= 100))) return null;
      const total = typed.reduce((sum, [, share]) => sum + share, 0);
      return total === 100 ? Object.fromEntries(typed.map(([part, share]) => [part, share || 0])) : null;
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

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { valueOf, numberIn, readNumber, western });
})(globalThis);
