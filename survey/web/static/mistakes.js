// What is wrong with what stands in the inputs of a unit: the same code as each kind's `parse` gives in Python.
// While there is no network, the words for it come from what the browser keeps of the response.
(function (root) {
  "use strict";

  const { readNumber, valueOf, western } = root.krachtmeting;

  const limits = (unit) => unit.querySelector("[data-limits]").dataset;
  const parts = (unit) => Array.from(unit.querySelectorAll("[data-part]"), (input) => [input.dataset.part, input.value.trim()]);

  function tooLong(words, input) {
    const length = Array.from(words).length;
    return input.maxLength >= 0 && length > input.maxLength ? ["text.too_long", { length }] : null;
  }

  // The first of these parts that is no number says why.
  const unreadable = (numbers) => {
    const wrong = numbers.find(({ code }) => code);
    return wrong ? [wrong.code, {}] : null;
  };

  const finders = {
    text(unit) {
      const input = unit.querySelector("input");
      return tooLong(input.value.trim().replace(/\s+/g, " "), input);
    },
    open(unit) {
      const input = unit.querySelector("textarea");
      return tooLong(input.value.trim(), input);
    },
    number(unit) {
      const { least, most, decimals } = limits(unit);
      const read = readNumber(unit.querySelector("input").value, Number(decimals));
      if (read.code) return [read.code, {}];
      if (read.value === null) return null;
      if (least !== undefined && read.value < Number(least)) return ["number.too_small", {}];
      return most !== undefined && read.value > Number(most) ? ["number.too_large", {}] : null;
    },
    choice: () => null,
    scale: () => null,
    several(unit) {
      const chosen = Array.from(unit.querySelectorAll(".options input:checked"));
      const alone = chosen.some((input) => "exclusive" in input.dataset);
      const { least, most } = limits(unit);
      if (!chosen.length) return null;
      if (alone && chosen.length > 1) return ["several.exclusive", {}];
      if (!alone && least !== undefined && chosen.length < Number(least)) return ["several.too_few", {}];
      return most !== undefined && chosen.length > Number(most) ? ["several.too_many", {}] : null;
    },
    date(unit) {
      const typed = parts(unit).map(([part, text]) => [part, western(text)]);
      if (typed.every(([, text]) => !text)) return null;
      if (typed.some(([, text]) => !text)) return ["date.incomplete", {}];
      if (valueOf(unit) !== null) return null;
      const { year, month = "1", day = "1" } = Object.fromEntries(typed);
      const two = (text) => text.replace(/^0+/, "").padStart(2, "0");
      const { least, most } = limits(unit);
      const exact = [year, two(month), two(day)].join("-").slice(0, (least || most || "").length);
      const exists = /^\d{4}$/.test(year) && typed.every(([, text]) => /^\d+$/.test(text)) && isDay(year, month, day);
      if (!exists) return ["date.unreadable", {}];
      return [least !== undefined && exact < least ? "date.too_early" : "date.too_late", {}];
    },
    duration(unit) {
      const numbers = parts(unit).map(([, text]) => readNumber(text));
      const wrong = unreadable(numbers);
      if (wrong) return wrong;
      const [hours, minutes] = numbers.map(({ value }) => value);
      if (hours === null && minutes === null) return null;
      if (hours < 0 || minutes < 0 || minutes >= 60) return ["duration.unreadable", {}];
      const { least, most } = limits(unit);
      const length = hours * 60 + minutes;
      if (least !== undefined && length < Number(least)) return ["duration.too_short", {}];
      return most !== undefined && length > Number(most) ? ["duration.too_long", {}] : null;
    },
    share(unit) {
      const numbers = parts(unit).map(([, text]) => readNumber(text.replace(/%+$/, "")));
      const wrong = unreadable(numbers);
      if (wrong) return wrong;
      const shares = numbers.map(({ value }) => value);
      if (shares.every((share) => share === null)) return null;
      if (shares.some((share) => share < 0 || share > 100)) return ["share.bounds", {}];
      const total = shares.reduce((sum, share) => sum + share, 0);
      return total === 100 ? null : ["share.total", { total }];
    },
  };

  function isDay(year, month, day) {
    const date = new Date(0);
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    const same = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === Number(month) - 1;
    return Number(year) > 0 && same && date.getUTCDate() === Number(day);
  }

  const reasonOf = (unit) => unit.querySelector(".reasons input:checked");

  // Whether a reason for no answer is chosen in a unit.
  const hasReason = (unit) => Boolean(reasonOf(unit) && reasonOf(unit).value);

  function holdsSomething(unit) {
    return Array.from(unit.querySelectorAll("input, textarea")).some((input) => {
      if (input.closest(".reasons") || input.type === "hidden") return false;
      return input.type === "radio" || input.type === "checkbox" ? input.checked : input.value.trim() !== "";
    });
  }

  // The code of what is wrong with a unit's inputs, and the figures that depend on them; null where nothing is.
  function mistakeOf(unit) {
    const reason = reasonOf(unit);
    if (!reason || !reason.value) return finders[unit.dataset.kind](unit);
    return reason.name.startsWith("m_") && holdsSomething(unit) ? ["answer.and_reason", {}] : null;
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { mistakeOf, hasReason });
})(globalThis);
