// What somebody left on this device without a receipt: sent by itself on the start page, and told before signing out.
(function (root) {
  "use strict";

  const { openJournal, journalsOf, fileOf, removeOf, forgetKept, forgetKeys, keepKeysOf, download, canKeep, deliver, waitingIn } = root.krachtmeting;
  const TRIES_FOR = 5000;
  // What trying again does not change.
  const STAYS = new Set(["locked", "handed-in", "refused", "conflict", "both", "hindered"]);

  const place = document.getElementById("left-here");
  const leaving = document.getElementById("sign-out");
  const dialog = document.getElementById("sign-out-left");
  if (!leaving || !canKeep()) return;
  const { owner, session, responses } = leaving.dataset;
  const csrf = leaving.elements.namedItem("csrf_token");
  keepKeysOf(owner);
  const addressOf = (token, name) => responses.replace("TOKEN", token) + name;

  // --- Sending --------------------------------------------------------------------------------------------------

  // Sends all that waits of one response. Answers null when nothing is left of it here, else why: as deliver does.
  async function sendOf(token) {
    const journal = await openJournal({ token, owner, keyAddress: addressOf(token, "journal-key"), csrf: () => csrf.value }).catch((problem) => problem);
    if (journal instanceof Error) return journal.status === undefined ? "offline" : journal.status >= 500 ? "server" : "refused";
    const how = { address: (name) => addressOf(token, name), session, csrf, person: owner };
    const { state } = await deliver(journal, how);
    if (state !== "done") return state;
    const asks = (await journal.entries()).find((entry) => entry.conflict || entry.hindered);
    if (asks) return asks.conflict ? "both" : "hindered";
    return (await waitingIn(journal)).length ? "server" : null;
  }

  // Token -> why it is still here, for all that this person left.
  async function sendAll() {
    const left = new Map();
    for (const token of await journalsOf(owner)) {
      const why = await sendOf(token);
      if (why) left.set(token, why);
    }
    return left;
  }

  // --- The start page -------------------------------------------------------------------------------------------

  function line(words, ...more) {
    const paragraph = document.createElement("p");
    paragraph.append(words, ...more);
    return paragraph;
  }

  function button(words, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button quiet";
    made.textContent = words;
    made.addEventListener("click", press);
    return made;
  }

  function tell(...parts) {
    place.hidden = false;
    place.replaceChildren(...parts);
  }

  function wayTo(token) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = addressOf(token, "");
    link.textContent = place.dataset.sayOpen;
    return link;
  }

  function tellLeft(left) {
    const actions = document.createElement("div");
    actions.className = "actions";
    const stays = Array.from(left).filter(([, why]) => STAYS.has(why));
    for (const [token, why] of stays) if (why !== "refused") actions.append(wayTo(token));
    actions.append(button(place.dataset.sayFile, async () => {
      download(await fileOf(owner));
      const words = [line(place.dataset.sayFileMade)];
      // Only what the server will not take can be taken away by hand: anything else goes by itself.
      if (stays.length === left.size) words.push(button(place.dataset.sayRemove, async () => {
        await removeOf(owner);
        tell(line(place.dataset.sayRemoved));
      }));
      tell(...words);
    }));
    tell(line(stays.length ? place.dataset.sayStays : place.dataset.sayLeft), actions);
  }

  async function begin() {
    if (!(await journalsOf(owner)).length) return;
    tell(line(place.dataset.saySending));
    const left = await sendAll();
    if (left.size) tellLeft(left);
    else tell(line(place.dataset.saySent));
  }

  // --- Signing out ----------------------------------------------------------------------------------------------

  const within = (time, work) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, time))]);

  async function signOut() {
    await forgetKept(owner).catch(() => {});
    forgetKeys();
    leaving.submit();
  }

  async function ask() {
    if ((await journalsOf(owner)).length) await within(TRIES_FOR, sendAll().catch(() => {}));
    if (!(await journalsOf(owner)).length) return signOut();
    return dialog.showModal();
  }

  leaving.addEventListener("submit", (event) => {
    event.preventDefault();
    ask().catch(signOut);
  });
  dialog.addEventListener("click", async (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.value === "file") return download(await fileOf(owner));
    dialog.close();
    if (pressed.value === "out") signOut();
  });

  if (place) {
    begin().catch(() => (place.hidden = true));
    root.addEventListener("online", () => begin().catch(() => {}));
  }
})(globalThis);
