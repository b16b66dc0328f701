// Autosave: what changes goes into the journal at once, and to the server in order; the page says truthfully where it is.
(function (root) {
  "use strict";

  const { deliver, sendAndLeave, waitingIn, claimTab, keptTab, randomName, inputsOf, openJournal, memoryJournal, handOut, canKeep, forgetSettled, askWhichIsRight } = root.krachtmeting;
  const TYPING_PAUSE = 400;
  const FLUSH_LIMIT = 8000;
  const LONGEST_WAIT = 3000;
  const RETRY = [1000, 2000, 5000, 10000, 20000];
  const FILE_AFTER = 120000;
  // What a person must see to before anything goes on.
  const HALTS = new Set(["locked", "refused", "handed-in"]);

  // `form` is the interview's form; `say(state, time)` shows how it stands (status.js); `judged(units, invalid)` shows the
  // server's word on what was sent of the page that is shown.
  function autosave(form, say, judged) {
    const field = (name) => form.elements.namedItem(name);
    const base = form.dataset.save.replace(/save$/, "");
    const token = base.split("/").at(-2);
    const corrects = "corrects" in form.dataset;
    const csrf = field("csrf_token");
    const how = {
      address: (name) => base + name,
      session: form.dataset.session,
      get csrf() { return field("csrf_token") || csrf; },
      get person() { return field("person").value; },
      get tab() { return chain; },
      skips: (entry) => open !== null && entry.batch === open.entry.batch,
      told,
    };

    let journal = memoryJournal(token, how.person);
    // What is being filled in now, which may still change; and what is frozen and has no receipt yet.
    let open = null;
    let frozen = [];
    const writings = new Set();
    // What an earlier page left: how much of it waits, on which version it is based, and whether there was any.
    let older = 0;
    let oldest = Infinity;
    let left = false;
    let touched = false;
    // Under which name this tab sends its batches, one after the other.
    let chain = keptTab(token);
    let conflicts = 0;
    let lastAt = "";
    let sending = false;
    let timer = null;
    let failures = 0;
    let failing = 0;
    let halted = null;
    const ready = begin();

    // --- Beginning ------------------------------------------------------------------------------------------------

    async function begin() {
      field("tab").value = chain;
      [chain] = await Promise.all([claimTab(chain), upgrade()]);
      field("tab").value = chain;
      if (open) open.entry.tab = chain;
      try {
        await forgetSettled(journal);
        await countOlder();
      } catch {
        await fallBack(journal);
      }
    }

    async function countOlder() {
      const waiting = (await waitingIn(journal, how.tab)).filter((entry) => !isFrozen(entry) && !how.skips(entry));
      older = waiting.length;
      if (older > 0) {
        left = true;
        // Sent as a whole, this page must not seem to know what its own tab said before: an empty line on it means nothing.
        field("tab").value = randomName();
      }
      oldest = Math.min(...waiting.map((entry) => (entry.base === undefined ? Infinity : entry.base)));
      conflicts = (await journal.entries()).filter((entry) => entry.conflict).length;
    }

    // The sealed journal in place of the one in memory, as soon as there is a key for it.
    async function upgrade() {
      if (journal.durable || !canKeep()) return;
      const asked = { token, owner: how.person, keyAddress: base + "journal-key", csrf: () => how.csrf.value };
      const sealed = await openJournal(asked).catch(() => null);
      if (sealed === null || journal.durable) return;
      await Promise.allSettled(Array.from(writings));
      const memory = journal;
      journal = sealed;
      for (const { id, ...entry } of await memory.entries()) if (!how.skips(entry)) await sealed.add(entry);
      if (open) write(open);
    }

    // --- Keeping --------------------------------------------------------------------------------------------------

    function note(unit) {
      touched = true;
      if (open === null) {
        const entry = { kind: "answers", batch: randomName(), page: form.dataset.page, tab: how.tab, texts: field("texts").value, layout: form.dataset.layout || "" };
        // With older ones still waiting the page shows what they hold: what somebody else changed since was seen by nobody.
        entry.base = Math.min(Number(field("base").value), oldest);
        open = { id: undefined, home: null, since: Date.now(), typing: true, writing: null, changed: false, entry: { ...entry, units: [] } };
      }
      if (!open.entry.units.includes(unit)) open.entry.units.push(unit);
      open.entry.fields = inputsOf(form, open.entry.units);
      open.entry.at = Date.now();
      write(open);
    }

    // Writes a batch as it is now; while one write is on its way the next one waits, and takes all that came meanwhile.
    function write(batch) {
      batch.changed = true;
      if (!batch.writing) {
        const writing = ready.then(() => writeAll(batch)).finally(() => {
          batch.writing = null;
          writings.delete(writing);
        });
        batch.writing = writing;
        // Before the journal is open it waits for it, and nothing may wait for that.
        ready.then(() => batch.writing === writing && writings.add(writing));
      }
      return batch.writing;
    }

    async function writeAll(batch) {
      while (batch.changed) {
        batch.changed = false;
        const entry = { ...batch.entry };
        const here = journal;
        try {
          if (batch.home === here) await here.replace(batch.id, entry);
          else {
            batch.id = await here.add(entry);
            batch.home = here;
          }
        } catch {
          await fallBack(here, entry.batch);
          batch.changed = true;
        }
      }
    }

    // The disk is full, or the browser took the store away: from here on in memory, and the page says so.
    async function fallBack(lost, writes) {
      if (journal !== lost) return;
      journal = memoryJournal(token, how.person);
      older = 0;
      for (const entry of frozen) if (entry.batch !== writes) await journal.add(entry);
    }

    // What is being filled in becomes a batch that never changes again.
    async function freeze() {
      if (open === null) return;
      const batch = open;
      open = null;
      frozen.push(batch.entry);
      if (batch.writing) await batch.writing;
    }

    const isFrozen = (entry) => frozen.some((one) => one.batch === entry.batch);

    // --- Sending --------------------------------------------------------------------------------------------------

    // Whether this page does not show what an earlier one left.
    const stale = () => left && !("filled" in form.dataset);
    const behind = () => open !== null || frozen.length > 0 || older > 0;

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    }

    async function send() {
      clearTimeout(timer);
      if (sending || halted) return;
      sending = true;
      try {
        await ready;
        if (failures > 0 && !journal.durable) await upgrade().then(countOlder);
        if (!behind() && failures === 0 && !(await waitingIn(journal, how.tab)).length) return;
        if (failures === 0) say(older > 0 ? "sending" : "saving");
        await freeze();
        const outcome = await deliver(journal, how);
        if (outcome.state === "done") await addMissing();
        became(outcome);
      } catch {
        await fallBack(journal);
        failed("server");
      } finally {
        sending = false;
      }
      if (stale() && !behind()) showAnew();
      if (behind() && failures === 0 && !halted) later(open ? pause() : 0);
    }

    // Nothing waits in the journal, and yet these have no receipt: somebody emptied it while the page stood open.
    async function addMissing() {
      const there = await journal.entries();
      for (const entry of frozen) if (!there.some((one) => one.batch === entry.batch)) await journal.add(entry);
    }

    // Somebody who types is waited for, but not for long.
    const pause = () => (open.typing ? Math.max(0, Math.min(TYPING_PAUSE, open.since + LONGEST_WAIT - Date.now())) : 0);

    // The word on one entry, as it comes.
    function told(entry, { state, said }) {
      if (state === "renamed") frozen = frozen.filter((one) => one.batch !== entry.batch);
      if (state !== "safe" && state !== "both" && state !== "hindered") return;
      form.dispatchEvent(new Event("through"));
      [failures, failing] = [0, 0];
      const shown = isFrozen(entry) || "filled" in form.dataset;
      frozen = frozen.filter((one) => one.batch !== entry.batch);
      if (!shown) older = Math.max(0, older - 1);
      if (older === 0) oldest = Infinity;
      if (entry.kind !== "answers") return;
      // Two answers may cross; the newest version counts. What this page does not show is no part of what it is based on.
      if (shown && !stale()) field("base").value = String(Math.max(Number(field("base").value), said.version));
      lastAt = said.at;
      const typing = open ? open.entry.units : [];
      if (entry.page === form.dataset.page) judged(entry.units.filter((unit) => !typing.includes(unit)), said.invalid);
      const bar = form.querySelector("progress");
      if (bar) bar.value = said.progress;
      if (state === "both") conflicts += 1;
    }

    function became({ state, last }) {
      if (state === "done") {
        say.offersFile(false);
        older = 0;
        if (open !== null) return;
        if (conflicts > 0) say("conflict");
        else if (last !== null) say("saved", lastAt);
        return;
      }
      if (state === "conflict") {
        conflicts = Math.max(conflicts, 1);
        say(state);
      } else if (HALTS.has(state)) {
        halted = state;
        say(state);
        say.offersFile(journal.durable);
      } else failed(state);
    }

    function failed(state) {
      if (failing === 0) failing = Date.now();
      const kept = journal.durable;
      if (state === "offline") say(kept ? "working" : "offline");
      else if (state === "server") say(kept ? "kept" : "unsaved");
      else {
        say("signed-out");
        form.dispatchEvent(new Event(state));
      }
      say.offersFile(kept && Date.now() - failing >= FILE_AFTER);
      later(RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    }

    // What an earlier page left is with the server now: this page is loaded once more, with all of it.
    function showAnew() {
      if (touched) return;
      form.dataset.leaving = "";
      const { pathname, search } = root.location;
      root.location.replace(pathname + search);
    }

    // --- What the page asks ---------------------------------------------------------------------------------------

    // Sends what waits, however lately that failed, and tells whether everything that was filled in is with the server.
    async function flush() {
      const end = Date.now() + FLUSH_LIMIT;
      failures = 0;
      while ((behind() || sending) && !halted && failures === 0 && Date.now() < end) {
        if (!sending) send();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return halted !== null || (!behind() && !sending);
    }

    // A page that goes away sends what nobody could wait for. Where more waits than one, order counts: then it stays in the journal.
    function leave() {
      if (halted) return;
      const going = open ? [...frozen, open.entry] : frozen;
      if (!journal.durable) going.forEach((entry) => sendAndLeave(entry, how, ""));
      else if (open !== null && older === 0 && frozen.length < 2) sendAndLeave(open.entry, how, frozen.length ? frozen[0].batch : undefined);
      freeze();
    }

    form.addEventListener("settle", async () => {
      await flush();
      askWhichIsRight(form, await journal.entries(), how);
    });
    form.addEventListener("ask-file", async () => {
      await freeze();
      handOut(form, await journal.file());
    });
    form.addEventListener("signed-in", () => later(0));
    root.addEventListener("pagehide", leave);
    root.addEventListener("online", () => later(0));
    root.addEventListener("beforeunload", (event) => {
      // What is in the journal is there when the page comes back: nobody need be asked.
      if (!journal.durable && behind() && form.dataset.leaving === undefined) event.preventDefault();
    });
    // Going away sends what waits; coming back, as from signing in again in another tab, tries at once.
    document.addEventListener("visibilitychange", () => behind() && send());

    ready.then(() => {
      if (older > 0) send();
      else if (conflicts > 0) say("conflict");
    });

    return {
      changed(unit, typing) {
        // After handing in nothing is sent by itself: a correction needs its reason first.
        if (corrects) return void (touched = true);
        // Without a connection each question has its own batch, with its own moment.
        const another = open !== null && failures > 0 && !open.entry.units.includes(unit);
        if (another || (open !== null && open.entry.page !== form.dataset.page)) freeze();
        note(unit);
        open.typing = open.typing && typing;
        if (halted || failures > 0) return;
        say("unsaved");
        later(pause());
      },
      // Whether anything that was filled in is not with the server yet.
      get behind() {
        return behind() || sending;
      },
      // Whether what was filled in outlives this page.
      get keeps() {
        return journal.durable && !corrects;
      },
      // Whether something that was filled in is on this page and nowhere else.
      get holds() {
        return corrects ? touched : behind() && !journal.durable;
      },
      // The journal, once it is open.
      get journal() {
        return ready.then(() => journal);
      },
      // Everything that waits becomes batches that do not change any more.
      freeze: () => ready.then(freeze),
      // Tries to send now.
      nudge: () => later(0),
      flush,
    };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { autosave });
})(globalThis);
