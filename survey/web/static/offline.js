// A whole interview without a network. What was opened once is kept, sealed, in the browser; while the server cannot be
// reached, pages change in place, and everything that is filled in waits in the journal.
(function (root) {
  "use strict";

  const { course, fieldsOf, fill, withEntries, places, handedIn, teller, made, returned, worker } = root.krachtmeting;
  const FRESH = 5000;
  const PROBE_WITHIN = 4000;
  const LOST_FOR = 15000;
  const CARRIED = ["csrf_token", "base", "person", "tab"];

  // `saver` as autosave.js gives it; `begin()` makes the questions of an exchanged page work; `judged` shows mistakes.
  function offline(form, saver, begin, judged) {
    const field = (name) => form.elements.namedItem(name);
    const address = form.dataset.save.replace(/save$/, "");
    let contact = Date.now();
    let lostUntil = 0;
    let there = root.krachtmeting.rebuilt ? root.krachtmeting.rebuilt.course : null;
    let words = there && there.bundle.words;
    let answers = there ? there.answers : null;
    let place = null;
    let handed = false;
    let page = form.dataset.page;

    const journal = () => Promise.resolve(saver.journal).catch(() => null);

    // --- What is kept for later -----------------------------------------------------------------------------------

    // One after the other: once it is handed in, nothing that is still on its way may be kept.
    let keeping = Promise.resolve();
    const inTurn = (work) => (keeping = keeping.then(work).catch(() => {}));

    async function fetchPages() {
      const kept = await journal();
      // What cannot be kept sealed is not kept at all.
      if (!kept || !kept.durable || "corrects" in form.dataset || !navigator.onLine) return;
      const have = (await kept.kept("have").catch(() => null)) || {};
      const answer = await fetch(`${address}offline?have=${have.version || ""}`, { redirect: "error" }).catch(() => null);
      const said = answer && answer.ok ? await answer.json().catch(() => null) : null;
      if (!said || !said.version || handed) return;
      answers = { ...said.answers, ...(answers || {}), ...typed() };
      await inTurn(async () => {
        if (handed) return;
        if (said.pages) await kept.keep("pages", said.pages);
        await kept.keep("answers", answers);
        await kept.keep("have", { version: said.version, page });
        form.dataset.offlineReady = "";
      });
    }

    // What stands on the page now, as far as it is a page of questions.
    const typed = () => (form.hidden ? {} : fieldsOf(form));

    // What is filled in here is part of what is known, also after a reload without a network.
    async function learn() {
      if (handed || !answers) return;
      Object.assign(answers, typed());
      await inTurn(async () => {
        const kept = await journal();
        if (kept && !handed) await kept.keep("answers", answers);
      });
    }

    const remember = (name) =>
      inTurn(async () => {
        const kept = await journal();
        if (kept && !handed) await kept.keep("have", { ...(await kept.kept("have")), page: name, layout: there && there.layout });
      });

    async function pagesThere() {
      if (there) return true;
      const kept = await journal();
      const bundle = kept && (await kept.kept("pages").catch(() => null));
      if (!bundle) return false;
      const known = answers || (await kept.kept("answers").catch(() => null)) || {};
      answers = withEntries(known, await kept.entries().catch(() => []));
      there = course(bundle, form.dataset.layout || bundle.layout, answers);
      answers = there.answers;
      words = bundle.words;
      return true;
    }

    // --- Whether there is a way to the server ----------------------------------------------------------------------

    const doubtful = () => !navigator.onLine || Date.now() - contact > FRESH;

    async function away() {
      if (!navigator.onLine || Date.now() < lostUntil) return true;
      if (!doubtful()) return false;
      const answer = await fetch(form.dataset.session, { cache: "no-store", signal: AbortSignal.timeout(PROBE_WITHIN) }).catch(() => null);
      if (answer !== null && answer.status < 502) contact = Date.now();
      else lostUntil = Date.now() + LOST_FOR;
      return doubtful();
    }

    // Whether everything that was filled in is with the server, and the next page can come from there. A connection that
    // was found lost is not waited for at each step.
    async function reaches() {
      if (handed || (saver.behind && (await away()))) return false;
      if (saver.behind && !(await saver.flush())) {
        lostUntil = Date.now() + LOST_FOR;
        return false;
      }
      return !(await away());
    }

    // --- Another page, in place ------------------------------------------------------------------------------------

    function cover(draw) {
      if (!place) {
        place = made("section", { id: "offline-place" });
        form.after(place);
      }
      form.hidden = true;
      document.body.classList.add("narrow");
      draw(place);
      const title = place.querySelector("h1");
      document.title = title.textContent;
      settle(title);
    }

    function settle(focused) {
      root.scrollTo(0, 0);
      focused.focus({ preventScroll: true });
    }

    function showPage(name, unit) {
      page = name;
      const source = there.documentOf(name);
      const next = source.getElementById("interview");
      const carried = CARRIED.map((one) => [one, field(one).value]);
      const saved = document.getElementById("saved");
      form.replaceChildren(...Array.from(next.childNodes, (node) => document.importNode(node, true)));
      for (const [one, value] of carried) field(one).value = value;
      const other = form.querySelector("#saved");
      if (other) other.replaceWith(saved);
      Object.assign(form.dataset, { page: name, earlier: JSON.stringify(there.scan().scope), layout: there.layout });
      form.dir = next.dir;
      fill(form, there.answers);
      if (place) place.remove();
      place = null;
      form.hidden = false;
      document.title = source.title;
      document.body.className = `${source.body.className} in-place`;
      say(words.offline);
      whereabouts();
      form.dispatchEvent(new Event("page-exchanged"));
      begin();
      const title = form.querySelector("h1");
      title.tabIndex = -1;
      const at = unit && document.getElementById(`unit-${unit}`);
      if (at && !at.closest("[hidden]")) at.scrollIntoView({ block: "center" });
      else settle(title);
      remember(page);
    }

    function whereabouts() {
      const names = there.reachable();
      const position = names.indexOf(page) + 1;
      form.querySelector(".position").textContent = position ? teller(words)("position", { number: position, count: names.length }) : "";
      form.querySelector("progress").value = there.progress().percent;
    }

    // One calm line below the head of the page.
    function say(text) {
      let line = document.getElementById("offline-word");
      if (line && !text) line.remove();
      if (!text || form.hidden) return;
      if (!line) {
        line = made("p", { id: "offline-word", class: "offline-word", role: "status" });
        form.querySelector(".page-head").after(line);
      }
      line.textContent = text;
    }

    function showProblems(found) {
      const named = Object.fromEntries(found.map((one) => [one.unit, one.words]));
      judged(Object.keys(there.bundle.units), named);
      for (const old of form.querySelectorAll(".summary")) old.remove();
      const rows = found.map(({ unit, words: wrong }) => {
        const label = there.bundle.units[unit].label;
        const link = made("a", { href: `#unit-${unit}`, lang: label.lang, dir: label.dir }, label.words);
        return made("li", {}, link, there.bundle.alone ? "" : `: ${wrong}`);
      });
      const summary = made("section", { class: "summary", tabindex: "-1", id: "summary" }, made("h2", {}, teller(words).counted("look", found.length)), made("ul", {}, ...rows));
      form.querySelector("h1").after(summary);
      if (!form.querySelector("button[value=on]")) {
        form.querySelector(".steps button[value=next]").before(made("button", { class: "button quiet", name: "go", value: "on" }, words.later));
      }
      settle(summary);
    }

    const PARTS = { ":pages": "pages", ":end": "end", ":pause": "paused" };

    function lead(what, unit, { moves: onwards = true } = {}) {
      if (what === ":hand-in") return handIn();
      if (onwards) history.pushState({}, "", address + (PARTS[what] || `page/${what}`) + (unit ? `#unit-${unit}` : ""));
      if (what.startsWith(":")) cover((where) => places(there, lead).draw(where, what, page));
      else showPage(what, unit);
      return true;
    }

    // --- The buttons of a page -------------------------------------------------------------------------------------

    // What the button `go` does, in place; false where the pages are not kept here, so that this page has to stay.
    async function moves(go) {
      await saver.freeze();
      if (handed || !(await pagesThere())) return false;
      if (!form.hidden) there.give(typed());
      learn();
      if (go === "next") {
        const found = there.problems(page);
        if (found.length) return showProblems(found) || true;
      }
      if (go === "next" || go === "on") return lead(there.next(page) || ":end");
      if (go === "previous") return there.previous(page) ? lead(there.previous(page)) : say(words.needs_server) || true;
      if (go === "pages" || go === "end" || go === "pause") return lead(`:${go}`);
      if (go.startsWith("show-")) return change(go.slice("show-".length));
      if (go !== "stay") say(go === "setting" && words.company ? words.company : words.needs_server);
      return true;
    }

    async function change(layout) {
      const kept = await journal();
      const entry = { kind: "layout", layout, at: Date.now(), page, base: field("base").value };
      if (kept) await kept.add(entry);
      saver.nudge();
      there.layout = layout;
      showPage(page);
      return true;
    }

    // Handing in waits in the journal too. From here on nothing of the interview can be read on this device.
    async function handIn() {
      const kept = await journal();
      if (!kept) return false;
      await kept.add({ kind: "hand-in", batch: crypto.randomUUID(), at: Date.now() });
      await kept.keep("words", words);
      await forget(kept);
      cover((where) => handedIn(where, words, false));
      history.replaceState({}, "", `${address}end`);
      saver.nudge();
      return true;
    }

    async function forget(kept) {
      handed = true;
      there = null;
      answers = null;
      delete root.krachtmeting.rebuilt;
      delete form.dataset.earlier;
      await keeping;
      for (const name of ["pages", "answers", "have"]) await kept.drop(name).catch(() => {});
      // What sending needs stays; what was said does not.
      for (const child of Array.from(form.children)) if (!child.matches("input[type=hidden]")) child.remove();
      form.append(made("progress", { max: "100", value: "100", hidden: "" }));
    }

    // --- Links, and going back ---------------------------------------------------------------------------------------

    const WITHIN = { pages: ":pages", end: ":end", paused: ":pause" };

    // What an address of this response is, as `lead` takes it; null for anything else.
    function placeAt(path) {
      const rest = path.startsWith(new URL(address, location.href).pathname) ? path.slice(new URL(address, location.href).pathname.length) : null;
      if (rest === null) return null;
      const name = rest.match(/^page\/([^/]+)$/);
      return name ? name[1] : WITHIN[rest] || null;
    }

    // Where a link leads, in place where it can; else it is said that it needs a connection.
    async function follows(link) {
      await saver.freeze();
      if (handed || !(await pagesThere())) return false;
      if (!form.hidden) there.give(typed());
      learn();
      const what = placeAt(link.pathname);
      if (what) lead(what, link.hash.replace("#unit-", ""));
      else say(words.needs_server);
      return true;
    }

    root.addEventListener("popstate", async () => {
      if (handed) return;
      const what = placeAt(location.pathname);
      // Only to another question of the same page.
      if (what === page && !form.hidden) return;
      const inPlace = there !== null && what !== null;
      if (inPlace && (saver.behind || (await away()))) {
        if (!form.hidden) there.give(typed());
        lead(what, "", { moves: false });
      } else if (there !== null && !location.hash) location.reload();
    });

    // --- Back again ------------------------------------------------------------------------------------------------

    document.addEventListener("journal-told", ({ detail }) => {
      if (!detail.status) return;
      contact = Date.now();
      lostUntil = 0;
      if (detail.entry.kind === "hand-in" && detail.status === 200) cover((where) => handedIn(where, words, true));
      else if (navigator.onLine && !saver.behind) back();
    });
    root.addEventListener("online", () => {
      lostUntil = 0;
      setTimeout(() => navigator.onLine && !saver.behind && back(), 1000);
    });

    // The pages around the questions come from the server again; on a page of questions one simply goes on.
    async function back() {
      say("");
      if (!handed && form.hidden && !(await away())) location.reload();
    }

    worker();
    returned(form, address, journal, () => words);
    if (there) {
      document.body.classList.add("in-place");
      say(words.offline);
      whereabouts();
    } else if (root.requestIdleCallback) root.requestIdleCallback(fetchPages, { timeout: 1000 });
    else setTimeout(fetchPages, 300);

    return {
      reaches,
      moves,
      follows,
      // The server was heard of just now: what it has a receipt for is part of what is known.
      learn() {
        contact = Date.now();
        lostUntil = 0;
        return learn();
      },
      get doubtful() {
        return doubtful() || handed;
      },
    };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { offline });
})(globalThis);
