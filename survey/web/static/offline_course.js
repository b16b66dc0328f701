// The course of a whole interview in the browser: what is asked, what comes next, what needs another look. The same
// conclusions as survey/answers/flow.py and taking.py, from the same conditions, over the pages that the browser keeps.
(function (root) {
  "use strict";

  const { evaluate, hasReason, mistakeOf, valueOf } = root.krachtmeting;
  const OURS = /^[qmnr]_/;

  const unitOf = (name) => name.slice(2).split(".")[0];
  const inputsOf = (form) => Array.from(form.querySelectorAll("input[name], textarea[name]")).filter((input) => OURS.test(input.name) && input.type !== "hidden");
  const ticks = (input) => input.type === "radio" || input.type === "checkbox";

  // Unit -> the names and values of its inputs that hold something, as the server sends them; [] for an empty unit.
  function fieldsOf(form) {
    const found = {};
    for (const input of inputsOf(form)) {
      const fields = (found[unitOf(input.name)] = found[unitOf(input.name)] || []);
      if (input.value !== "" && (!ticks(input) || input.checked)) fields.push([input.name, input.value]);
    }
    return found;
  }

  // Puts into the inputs of a form what `given` has of them, and empties all others.
  function fill(form, given) {
    for (const input of inputsOf(form)) {
      const values = (given[unitOf(input.name)] || []).filter(([name]) => name === input.name).map(([, value]) => value);
      if (ticks(input)) input.checked = input.value !== "" && values.includes(input.value);
      else input.value = values.length ? values[0] : "";
      const note = input.closest("details.note");
      if (note) note.open = input.value !== "";
    }
  }

  // Unit -> fields, with what stands in a journal on top of what is known.
  function withEntries(answers, entries) {
    const found = { ...answers };
    for (const entry of entries.filter(({ kind }) => kind === "answers")) {
      for (const unit of entry.units) {
        found[unit] = entry.fields.filter(([name, value]) => value !== "" && unitOf(name) === unit);
      }
    }
    return found;
  }

  const holds = (element, scope) => !element.dataset.when || evaluate(JSON.parse(element.dataset.when), scope) === true;

  // `bundle`: the pages as the server gives them; `given`: unit -> fields.
  function course(bundle, layout, given) {
    const parsed = new Map();
    const answers = { ...given };
    let shown = layout;

    // The document of a page in the present layout, with its answers in it.
    function documentOf(name) {
      const key = `${shown} ${name}`;
      if (!parsed.has(key)) {
        const page = bundle.pages.find((one) => one.page === name);
        const html = page.html[shown] || Object.values(page.html)[0];
        const made = new DOMParser().parseFromString(html, "text/html");
        fill(made.getElementById("interview"), answers);
        parsed.set(key, made);
      }
      return parsed.get(key);
    }

    const formOf = (name) => documentOf(name).getElementById("interview");

    // What the inputs of some units hold now.
    function give(fields) {
      Object.assign(answers, fields);
      for (const made of parsed.values()) {
        const form = made.getElementById("interview");
        const touched = Object.keys(fields).some((unit) => form.querySelector(`[name^="q_${unit}"], [name="n_${unit}"], [name="r_${unit}"]`));
        if (touched) fill(form, answers);
      }
    }

    // One pass over all pages: what these answers make of the interview.
    function scan() {
      const scope = {};
      const pages = bundle.pages.map((page) => ({ page: page.page, units: [], questions: [] }));
      bundle.pages.forEach((page, position) => {
        if (page.when !== null && evaluate(page.when, scope) !== true) return;
        const here = pages[position];
        for (const question of formOf(page.page).querySelectorAll("[data-question]")) {
          if (!holds(question, scope)) continue;
          const rows = Array.from(question.querySelectorAll("[data-unit]"));
          const asked = rows.filter((unit) => {
            if (!holds(unit, scope)) return false;
            const value = valueOf(unit);
            if (value !== null) scope[unit.dataset.unit] = value;
            return true;
          });
          here.units.push(...asked);
          if (!rows.length || asked.length) here.questions.push(question.dataset.question);
        }
      });
      return { scope, pages };
    }

    const reachable = (seen) => seen.pages.filter((page) => page.questions.length).map((page) => page.page);

    function next(name) {
      const names = bundle.pages.map((page) => page.page);
      return reachable(scan()).find((one) => names.indexOf(one) > names.indexOf(name)) || null;
    }

    function previous(name) {
      const names = bundle.pages.map((page) => page.page);
      const before = name === null ? names.length : names.indexOf(name);
      return reachable(scan()).filter((one) => names.indexOf(one) < before).pop() || null;
    }

    const answered = (unit) => !mistakeOf(unit) && (hasReason(unit) || valueOf(unit) !== null);

    const said = (name, [code, figures]) =>
      Object.entries(figures).reduce((words, [figure, value]) => words.replace(`{${figure}}`, String(value)), bundle.units[name].mistakes[code] || "");

    // Unit -> what is said of it, for one page or for all of them ({page, unit, words} in order).
    function problems(name) {
      const seen = scan();
      const found = [];
      for (const page of seen.pages.filter((one) => name === undefined || one.page === name)) {
        const here = new Map();
        for (const unit of page.units) {
          const wrong = mistakeOf(unit);
          const { required } = bundle.units[unit.dataset.unit];
          if (wrong) here.set(unit.dataset.unit, said(unit.dataset.unit, wrong));
          else if (required && !answered(unit)) here.set(unit.dataset.unit, said(unit.dataset.unit, [required, {}]));
        }
        for (const question of page.questions) {
          const tree = bundle.checks[question];
          if (!tree || evaluate(tree, seen.scope) !== false) continue;
          const at = page.units.find((unit) => unit.closest("[data-question]").dataset.question === question);
          if (at && !here.has(at.dataset.unit)) here.set(at.dataset.unit, said(at.dataset.unit, ["check.failed", {}]));
        }
        // In the order in which they stand on the page, but for checks, which come last: as the server has it.
        for (const [unit, words] of here) found.push({ page: page.page, unit, words });
      }
      return found;
    }

    const counts = (page) => page.units.filter((unit) => !bundle.units[unit.dataset.unit].other);

    // How each page stands, as the list of pages shows it; `open` has the units without an answer or a reason.
    function standings() {
      return scan().pages.map((page) => {
        const asked = counts(page);
        const open = asked.filter((unit) => !answered(unit)).map((unit) => unit.dataset.unit);
        const drafts = page.units.some((unit) => mistakeOf(unit));
        const done = asked.length - open.length;
        const left = open.length > 0 || drafts;
        const standing = !page.questions.length ? "unreachable" : !left ? "done" : done ? "started" : "open";
        return { page: page.page, standing, asked: asked.length, answered: done, open };
      });
    }

    function progress() {
      const all = standings();
      const asked = all.reduce((sum, page) => sum + page.asked, 0);
      const done = all.reduce((sum, page) => sum + page.answered, 0);
      return { asked, answered: done, percent: asked ? Math.floor((100 * done) / asked) : 100 };
    }

    return {
      bundle,
      documentOf,
      formOf,
      give,
      scan,
      next,
      previous,
      problems,
      standings,
      progress,
      reachable: () => reachable(scan()),
      get answers() {
        return answers;
      },
      get layout() {
        return shown;
      },
      set layout(wanted) {
        shown = wanted;
      },
    };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { course, fieldsOf, fill, withEntries });
})(globalThis);
