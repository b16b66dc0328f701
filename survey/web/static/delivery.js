// Sends what a journal holds, strictly in order, one at a time; an entry goes when its receipt is there, and not before.
(function (root) {
  "use strict";

  // Browsers refuse more than 64 KiB for a request that may outlive its page.
  const OUTLIVING_LIMIT = 60000;
  // A request that hangs is tried once more: the same batch may come any number of times.
  const ANSWERED_WITHIN = 30000;
  const TAB_LOCK = "krachtmeting tab ";

  const randomName = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");
  const locks = () => root.navigator.locks;

  // The batch of each tab that got its receipt last: the server takes the next one only after it.
  const lastOf = new Map();

  // --- Tabs -----------------------------------------------------------------------------------------------------

  // The name that this tab had before it was loaded anew, for this response; else a new one.
  function keptTab(token) {
    try {
      const kept = root.sessionStorage.getItem(TAB_LOCK + token) || randomName();
      root.sessionStorage.setItem(TAB_LOCK + token, kept);
      return kept;
    } catch {
      return randomName();
    }
  }

  // A name for this tab, the same after a reload, and never the name of two tabs that live at once.
  async function claimTab(wished) {
    if (!locks()) return randomName();
    for (const name of [wished, wished, randomName()]) {
      if (await claimed(name)) return name;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return randomName();
  }

  const claimed = (name) =>
    new Promise((resolve) => {
      locks()
        .request(TAB_LOCK + name, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          // Held for as long as the page lives.
          return lock === null ? undefined : new Promise(() => {});
        })
        .catch(() => resolve(false));
    });

  async function livingTabs() {
    if (!locks()) return new Set();
    const { held } = await locks().query();
    return new Set(held.filter((lock) => lock.name.startsWith(TAB_LOCK)).map((lock) => lock.name.slice(TAB_LOCK.length)));
  }

  // Whether an entry goes by itself: not where a person must look at it first.
  const goes = (entry) => !entry.conflict && !entry.hindered;

  // The entries that wait to be sent by this page: those of another tab that lives are that tab's.
  async function waitingIn(journal, mine) {
    const [entries, living] = await Promise.all([journal.entries(), livingTabs()]);
    return entries.filter((entry) => goes(entry) && (!entry.tab || entry.tab === mine || !living.has(entry.tab)));
  }

  // --- One entry ------------------------------------------------------------------------------------------------

  const unitOf = (name) => name.slice(2).split(".")[0];

  // What stands in the inputs of these units now, as [name, value].
  function inputsOf(form, units) {
    return Array.from(new FormData(form)).filter(([name]) => /^[qmnr]_/.test(name) && units.includes(unitOf(name)));
  }

  // What is sent of a batch. The same batch always says the same; only `how` it is sent may differ.
  function bodyOf(entry, { csrf, person, after }) {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.set("units", entry.units.join(" "));
    for (const name of ["page", "tab", "texts", "layout", "batch"]) body.set(name, entry[name] || "");
    body.set("base", String(entry.base));
    body.set("after", after);
    body.set("age", String(Math.max(0, Date.now() - entry.at)));
    body.set("csrf_token", csrf);
    body.set("person", person);
    return body;
  }

  function small(body) {
    let size = 0;
    for (const [name, value] of body) size += name.length + new Blob([value]).size + 150;
    return size < OUTLIVING_LIMIT;
  }

  function formOf(how, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ csrf_token: how.csrf.value, ...fields })) body.set(name, value);
    return body;
  }

  function post(entry, how) {
    const signal = AbortSignal.timeout(ANSWERED_WITHIN);
    if (entry.kind === "answers") {
      const sent = bodyOf(entry, { csrf: how.csrf.value, person: how.person, after: lastOf.get(entry.tab) || "" });
      return fetch(how.address("save"), { method: "POST", body: sent, keepalive: small(sent), redirect: "error", signal });
    }
    const away = { method: "POST", redirect: "manual", signal };
    if (entry.kind === "layout") {
      const sent = formOf(how, { units: "", base: String(entry.base), go: `show-${entry.layout}` });
      return fetch(how.address(`page/${entry.page}`), { ...away, body: sent });
    }
    return fetch(how.address("hand-in"), { ...away, body: formOf(how, {}) });
  }

  // Who is signed in now: "mine" with a fresh token, or why it is not: "signed-out", "other-person", "offline", "server".
  async function standing(how) {
    const answer = await fetch(how.session).catch(() => null);
    if (answer === null) return "offline";
    const state = answer.ok ? await answer.json().catch(() => null) : null;
    if (state === null) return "server";
    if (state.person === how.person) {
      how.csrf.value = state.csrf;
      return "mine";
    }
    return state.person ? "other-person" : "signed-out";
  }

  const REFUSALS = { 423: "locked", 404: "refused", 410: "refused", 413: "refused" };

  // What became of one entry: {state, status, said}. States: "safe", "both", "hindered", "again", "renamed", "offline", "server",
  // "signed-out", "other-person", "locked", "handed-in", "refused".
  async function sendOne(entry, how, second) {
    if (entry.kind !== "answers") {
      // These requests do not say whose they are, so it is asked first.
      const now = await standing(how);
      if (now !== "mine") return { state: now };
    }
    const answer = await post(entry, how).catch(() => null);
    if (answer === null) return { state: "offline" };
    const status = answer.status;
    if (answer.type === "opaqueredirect") return { state: entry.kind === "layout" ? "safe" : "server", status };
    const said = await answer.json().catch(() => null);
    if (status === 401 || status === 400) {
      const now = await standing(how);
      if (now !== "mine") return { state: now, status, said };
      return second ? { state: "server", status, said } : sendOne(entry, how, true);
    }
    if (status === 425 && !second) {
      // All that is before it has its receipt, or is not here any more: the server lost its own, as after a restored backup.
      lastOf.delete(entry.tab);
      return sendOne(entry, how, true);
    }
    if (entry.kind === "hand-in") {
      if (answer.ok && said && said.hash) return { state: "safe", status, said };
      if (status === 422 && said && said.hindrances) return { state: "hindered", status, said };
    }
    // Another network may answer anything: only the receipt of this very batch counts.
    const receipt = said && said.receipt && said.receipt.batch === entry.batch;
    if (answer.ok) return { state: receipt ? "safe" : "server", status, said };
    if (status === 409 && receipt) return { state: said.units.length ? "both" : "safe", status, said };
    if (status === 422 && said && said.other_content) return { state: "renamed", status, said };
    if (status === 422) return { state: said && said.reason_needed ? "handed-in" : "refused", status, said };
    return { state: REFUSALS[status] || "server", status, said };
  }

  // --- The journal ----------------------------------------------------------------------------------------------

  // Of what two devices changed, only that stays here, until a person chose. A newer word on the same takes the place of an older one.
  async function keepBoth(journal, entry, units) {
    const here = new Set(units);
    for (const older of await journal.entries()) {
      if (older.id === entry.id || !older.conflict || older.page !== entry.page) continue;
      const left = older.units.filter((unit) => !here.has(unit));
      if (left.length === 0) await journal.remove(older.id);
      else await journal.replace(older.id, only(older, left));
    }
    await journal.replace(entry.id, { ...only(entry, units), conflict: true });
  }

  const only = (entry, units) => ({ ...entry, units, fields: entry.fields.filter(([name]) => units.includes(unitOf(name))) });

  // Does with an entry what its outcome asks for. Answers whether the next one may go.
  async function settle(journal, entry, { state, said }) {
    if (state === "safe" || state === "both") {
      if (entry.kind === "answers") lastOf.set(entry.tab, entry.batch);
      if (state === "both") await keepBoth(journal, entry, said.units);
      else if (entry.kind === "hand-in") await journal.wipe();
      else await journal.remove(entry.id);
      return true;
    }
    if (state === "hindered") {
      await journal.replace(entry.id, { ...entry, hindered: said.hindrances });
      return true;
    }
    if (state === "renamed") {
      // The page was left in the middle of a word, and sent more than stood here. Under another name both versions are looked at.
      await journal.replace(entry.id, { ...entry, batch: randomName(), tab: randomName() });
      return true;
    }
    return false;
  }

  const inTurn = (token, work) => (locks() ? locks().request(`krachtmeting send ${token}`, work) : work());

  // Sends all that waits, the oldest first, until one does not get through.
  // `how`: address(name) of this response's addresses, session (address), csrf ({value}: kept fresh), person (code), tab (own name),
  // skips(entry): one that is still being written. Answers {state: "done" or why not, last: what the server said last, delivered}.
  async function deliver(journal, how) {
    let last = null;
    let delivered = 0;
    return inTurn(journal.token, async () => {
      for (;;) {
        const waiting = (await waitingIn(journal, how.tab)).filter((entry) => !(how.skips && how.skips(entry)));
        // Handing in goes last: what another tab kept after it still belongs to it.
        const entry = waiting.find((one) => one.kind !== "hand-in") || waiting[0];
        if (!entry) return { state: "done", last, delivered };
        // Nothing is handed in while a person still has to choose between two versions.
        if (entry.kind === "hand-in" && (await journal.entries()).some((one) => one.conflict)) return { state: "conflict", last, delivered };
        const outcome = await sendOne(entry, how, false);
        const goesOn = await settle(journal, entry, outcome);
        if (how.told) how.told(entry, outcome);
        document.dispatchEvent(new CustomEvent("journal-told", { detail: { entry, status: outcome.status || 0, said: outcome.said || null } }));
        if (!goesOn) return { state: outcome.state, last, delivered };
        last = outcome.said || last;
        delivered += 1;
      }
    });
  }

  // For a page that is left: sends a batch that nobody waits for.
  function sendAndLeave(entry, how, after) {
    const sent = bodyOf(entry, { csrf: how.csrf.value, person: how.person, after: after === undefined ? lastOf.get(entry.tab) || "" : after });
    fetch(how.address("save"), { method: "POST", body: sent, keepalive: small(sent), redirect: "error" }).catch(() => {});
  }

  const delivery = { deliver, sendAndLeave, waitingIn, claimTab, keptTab, randomName, inputsOf, standing };
  root.krachtmeting = Object.assign(root.krachtmeting || {}, delivery);
})(globalThis);
