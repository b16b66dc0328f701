// The calm page that stands in for a page of an interview while there is no network: goes on where one was, as long as
// the key of the journal is still in the service worker's memory. Else it says that all is kept, and waits.
(function (root) {
  "use strict";

  const { course, download, fileOfResponse, fill, handedIn, openJournal, withEntries } = root.krachtmeting;
  const LOOK_EVERY = 5000;
  const ANSWERS_WITHIN = 2000;
  // What needs the server: another screen, cards.
  const NOT_HERE = ["tapping.js", "card.js", "screen_tools.js"];

  const main = document.getElementById("main");
  const address = (location.pathname.match(/^(.*\/response\/[^/]+\/)(.*)$/) || [])[1];
  const rest = (location.pathname.match(/^(.*\/response\/[^/]+\/)(.*)$/) || [])[2] || "";

  // Who fills in alone may read none of the words for staff: their own sentence comes first.
  const asked = navigator.languages.map((language) => language.split("-")[0]).find((language) => language !== "");
  const spoken = asked !== document.documentElement.lang && document.querySelector(`[data-spoken][lang="${CSS.escape(asked || "")}"]`);
  if (spoken) spoken.hidden = false;

  // Whose key the service worker has for this response; null where it has none.
  function owner(token) {
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (!worker) return null;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => resolve((data && data.owner) || null);
      setTimeout(() => resolve(null), ANSWERS_WITHIN);
      worker.postMessage({ kind: "ask-key", token }, [channel.port2]);
    });
  }

  async function journalOf(token) {
    const whose = await owner(token);
    if (whose === null) return null;
    return openJournal({ token, owner: whose, keyAddress: `${address}journal-key`, csrf: "" }).catch(() => null);
  }

  async function begin() {
    const journal = address ? await journalOf(address.split("/").at(-2)) : null;
    const entries = journal ? await journal.entries().catch(() => []) : [];
    if (entries.some((entry) => entry.kind === "hand-in")) {
      handedIn(main, await journal.kept("words"), false);
      return wait();
    }
    const bundle = journal && (await journal.kept("pages").catch(() => null));
    if (!bundle) return wait();
    const answers = withEntries((await journal.kept("answers").catch(() => null)) || {}, entries);
    const have = (await journal.kept("have").catch(() => null)) || {};
    return build(bundle, answers, have, entries);
  }

  function build(bundle, answers, have, entries) {
    const layouts = entries.filter((entry) => entry.kind === "layout");
    const there = course(bundle, layouts.length ? layouts.at(-1).layout : have.layout || bundle.layout, answers);
    const wished = (rest.match(/^page\/([^/]+)$/) || [])[1];
    const reachable = there.reachable();
    const page = [wished, have.page, reachable[0]].find((one) => reachable.includes(one));
    const shown = there.documentOf(page);
    document.documentElement.lang = shown.documentElement.lang;
    document.documentElement.dir = shown.documentElement.dir;
    document.title = shown.title;
    document.body.className = shown.body.className;
    document.body.replaceChildren(...Array.from(shown.body.childNodes, (node) => document.importNode(node, true)));
    const form = document.getElementById("interview");
    fill(form, there.answers);
    Object.assign(form.dataset, { earlier: JSON.stringify(there.scan().scope), layout: there.layout, filled: "" });
    if (wished !== page) history.replaceState({}, "", `${address}page/${page}`);
    root.krachtmeting.rebuilt = { course: there };
    const present = new Set(Array.from(document.scripts, (script) => script.src));
    for (const script of shown.querySelectorAll("script[src]")) {
      const source = new URL(script.getAttribute("src"), location.href).href;
      if (present.has(source) || NOT_HERE.some((name) => source.endsWith(`/${name}`))) continue;
      const added = document.createElement("script");
      added.src = source;
      // One after the other, as they stand on the page.
      added.async = false;
      document.head.append(added);
    }
  }

  // Goes on by itself as soon as there is a connection: the server's page then asks for a sign-in where one is needed.
  function wait() {
    offerFile();
    const look = async () => {
      const answer = navigator.onLine && (await fetch(main.dataset.session, { cache: "no-store" }).catch(() => null));
      if (answer && answer.ok) location.reload();
      else setTimeout(look, LOOK_EVERY);
    };
    root.addEventListener("online", look, { once: true });
    setTimeout(look, LOOK_EVERY);
  }

  // The network may stay away: what is kept here can go to the administrator as a file that nobody else can read.
  async function offerFile() {
    const button = main.querySelector("[data-file]");
    const file = button && address ? await fileOfResponse(address.split("/").at(-2)).catch(() => null) : null;
    if (!file) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      download(file);
      main.querySelector("[data-file-made]").hidden = false;
    });
  }

  begin();
})(globalThis);
