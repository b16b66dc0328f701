// The journal: what was filled in and has no receipt yet, sealed, in this browser.
// Nothing readable is ever written. The key comes from the server, for who is signed in, and stays in memory.
(function (root) {
  "use strict";

  const DATABASE = "krachtmeting";
  const FORMAT = "krachtmeting emergency 1";
  const WORKER_ANSWERS_WITHIN = 1000;

  const possible = () => Boolean(root.indexedDB && root.crypto && root.crypto.subtle);

  // --- The store ------------------------------------------------------------------------------------------------

  let database = null;

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function store() {
    if (database) return database;
    const request = root.indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("response", "response");
      request.result.createObjectStore("kept", { keyPath: ["response", "owner", "name"] });
    };
    database = done(request).then((opened) => {
      opened.onversionchange = () => opened.close();
      opened.onclose = () => (database = null);
      return opened;
    });
    database.catch(() => (database = null));
    return database;
  }

  // Writes are strict: they are on the disk before they count, since a battery may be empty a moment later.
  async function within(name, mode, ask) {
    const opened = await store();
    return new Promise((resolve, reject) => {
      const transaction = opened.transaction(name, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request ? request.result : undefined);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  // --- The key --------------------------------------------------------------------------------------------------

  // Token of a response -> {owner, key}.
  const keys = new Map();

  function refused(why, status) {
    return Object.assign(new Error(why), { status });
  }

  async function fetchedKey({ owner, keyAddress, csrf }) {
    const body = new FormData();
    body.set("csrf_token", typeof csrf === "function" ? csrf() : csrf);
    const answer = await fetch(keyAddress, { method: "POST", body, redirect: "error" });
    if (!answer.ok) throw refused("the server gives no key", answer.status);
    const said = await answer.json();
    if (owner !== undefined && said.owner !== owner) throw refused("somebody else is signed in", 401);
    const raw = Uint8Array.from(atob(said.key), (sign) => sign.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    raw.fill(0);
    return { owner: said.owner, key };
  }

  // The key that the service worker holds, with its owner; null where it holds none, or another person's.
  function workersKey({ token, owner, worker }) {
    if (!worker) return null;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      const fits = (data) => data && data.key && (owner === undefined || data.owner === owner);
      channel.port1.onmessage = ({ data }) => resolve(fits(data) ? data : null);
      setTimeout(() => resolve(null), WORKER_ANSWERS_WITHIN);
      worker.postMessage({ kind: "ask-key", token }, [channel.port2]);
    });
  }

  async function keyOf(asked) {
    const known = keys.get(asked.token);
    if (known && (asked.owner === undefined || known.owner === asked.owner)) return known;
    let found;
    try {
      found = await fetchedKey(asked);
      hold(asked.worker, asked.token, found);
    } catch (problem) {
      // Only without a connection: who was refused by the server gets no key elsewhere.
      found = problem.status === undefined || problem.status >= 500 ? await workersKey(asked) : null;
      if (!found) throw problem;
    }
    keys.set(asked.token, found);
    return found;
  }

  function hold(worker, token, { owner, key }) {
    if (worker) worker.postMessage({ kind: "hold-key", token, owner, key });
  }

  const workers = root.navigator.serviceWorker;
  // The worker takes over only after the first page: then it is told what it did not hear.
  if (workers) workers.addEventListener("controllerchange", () => keys.forEach((found, token) => hold(workers.controller, token, found)));

  // After this nobody can read what is kept here before signing in again.
  function forgetKeys() {
    keys.clear();
    if (workers && workers.controller) workers.controller.postMessage({ kind: "forget-keys" });
  }

  // Whoever is signed in now goes on with their own; what somebody else left here without signing out cannot be read.
  function keepKeysOf(owner) {
    if (workers && workers.controller) workers.controller.postMessage({ kind: "keys-of", owner });
  }

  // --- Sealing --------------------------------------------------------------------------------------------------

  const bytes = (text) => new TextEncoder().encode(text);
  const bound = (token, owner) => bytes(`krachtmeting journal 1/${token}/${owner}`);

  function base64(sealed) {
    const view = new Uint8Array(sealed);
    let text = "";
    for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000));
    return btoa(text);
  }

  async function seal(key, token, owner, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: bound(token, owner) };
    return { iv, sealed: await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(value))) };
  }

  // The value that was sealed; undefined where this key does not open it.
  async function unseal(key, record) {
    const how = { name: "AES-GCM", iv: record.iv, additionalData: bound(record.response, record.owner) };
    const opened = await crypto.subtle.decrypt(how, key, record.sealed).catch(() => null);
    return opened === null ? undefined : JSON.parse(new TextDecoder().decode(opened));
  }

  // --- A journal ------------------------------------------------------------------------------------------------

  const recordsOf = (token) => within("entries", "readonly", (entries) => entries.index("response").getAll(token));

  // One person's journal of one response. `csrf`: the token of a form, or what gives it. `worker`: the service worker, if any.
  // Without an `owner` it is that of whoever is signed in.
  // Rejects where this browser cannot keep anything sealed, or where there is no key; `status` says what the server answered.
  async function openJournal(asked) {
    if (!possible()) throw refused("this browser cannot keep anything sealed");
    await store();
    const { token } = asked;
    const { owner, key } = await keyOf({ worker: workers && workers.controller, ...asked });

    // Also what the same participant left under an earlier link: the key is that of the response. Anybody else's does not open.
    async function opened() {
      const found = [];
      for (const record of await recordsOf(token)) {
        const entry = await unseal(key, record);
        if (entry !== undefined) found.push({ record, entry: { ...entry, id: record.id } });
      }
      return found;
    }

    async function sealedEntry(entry) {
      const { id, ...content } = entry;
      return { response: token, owner, made: Date.now(), ...(await seal(key, token, owner, content)) };
    }

    return {
      token,
      owner,
      durable: true,
      async add(entry) {
        const record = await sealedEntry(entry);
        return within("entries", "readwrite", (entries) => entries.add(record));
      },
      async replace(id, entry) {
        const record = await sealedEntry(entry);
        await within("entries", "readwrite", (entries) => entries.put({ ...record, id }));
      },
      entries: async () => (await opened()).map((one) => one.entry),
      remove: (id) => within("entries", "readwrite", (entries) => void entries.delete(id)),
      async keep(name, value) {
        const sealed = await seal(key, token, owner, value);
        await within("kept", "readwrite", (kept) => void kept.put({ response: token, owner, name, ...sealed }));
      },
      async kept(name) {
        const record = await within("kept", "readonly", (kept) => kept.get([token, owner, name]));
        return record && unseal(key, record);
      },
      drop: (name) => within("kept", "readwrite", (kept) => void kept.delete([token, owner, name])),
      // After handing in: what another tab keeps and did not send yet stays, sealed, until somebody looked at it.
      async wipe() {
        const mine = (await opened()).filter((one) => one.entry.kind !== "answers").map((one) => one.record.id);
        await within("entries", "readwrite", (entries) => mine.forEach((id) => entries.delete(id)));
        await within("kept", "readwrite", (kept) => void kept.delete(ofOne(token, owner)));
      },
      file: async () => emergencyFile((await opened()).map((one) => one.record)),
    };
  }

  const ofOne = (token, owner) => root.IDBKeyRange.bound([token, owner], [token, owner, []]);

  // Where nothing can be kept sealed: the same, in memory, for as long as the page stands.
  function memoryJournal(token, owner) {
    const entries = new Map();
    const kept = new Map();
    let next = 1;
    return {
      token,
      owner,
      durable: false,
      add: async (entry) => (entries.set(next, entry), next++),
      replace: async (id, entry) => void entries.set(id, entry),
      entries: async () => Array.from(entries, ([id, entry]) => ({ ...entry, id })),
      remove: async (id) => void entries.delete(id),
      keep: async (name, value) => void kept.set(name, value),
      kept: async (name) => kept.get(name),
      drop: async (name) => void kept.delete(name),
      async wipe() {
        for (const [id, entry] of entries) if (entry.kind !== "answers") entries.delete(id);
        kept.clear();
      },
      file: async () => null,
    };
  }

  // --- All of a person's journals -------------------------------------------------------------------------------

  function emergencyFile(records) {
    const journals = new Map();
    for (const { response, owner, iv, sealed } of records) {
      const name = `${response}/${owner}`;
      if (!journals.has(name)) journals.set(name, { response, owner, entries: [] });
      journals.get(name).entries.push({ iv: base64(iv), sealed: base64(sealed) });
    }
    const content = { format: FORMAT, made: new Date().toISOString(), journals: Array.from(journals.values()) };
    return new Blob([JSON.stringify(content)], { type: "application/json" });
  }

  const allOf = async (owner) => (await within("entries", "readonly", (entries) => entries.getAll())).filter((one) => one.owner === owner);

  // The tokens of the responses of which this person has entries here.
  async function journalsOf(owner) {
    if (!possible()) return [];
    return Array.from(new Set((await allOf(owner)).map((one) => one.response)));
  }

  // All that this person left here, sealed as it is: no key is needed for it.
  const fileOf = async (owner) => emergencyFile(await allOf(owner));

  // What is left here of one response, sealed as it is; null where nothing is.
  async function fileOfResponse(token) {
    const found = possible() ? await recordsOf(token) : [];
    return found.length ? emergencyFile(found) : null;
  }

  // Takes away all that this person left here, for good.
  async function removeOf(owner) {
    const mine = (await allOf(owner)).map((one) => one.id);
    await within("entries", "readwrite", (entries) => mine.forEach((id) => entries.delete(id)));
  }

  // Takes away what a person's pages need without a network. What was not sent stays, sealed, for its owner.
  async function forgetKept(owner) {
    if (!possible()) return;
    const all = await within("kept", "readonly", (kept) => kept.getAllKeys());
    const mine = all.filter((key) => key[1] === owner);
    await within("kept", "readwrite", (kept) => mine.forEach((key) => kept.delete(key)));
  }

  // Hands a file to whoever sits here.
  function download(blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `krachtmeting-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  const journal = { openJournal, memoryJournal, journalsOf, fileOf, fileOfResponse, removeOf, forgetKeys, keepKeysOf, forgetKept, download, canKeep: possible };
  root.krachtmeting = Object.assign(root.krachtmeting || {}, journal);
})(globalThis);
