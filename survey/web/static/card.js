// The show card: one question of the page, large, in the participant's language, over the page and away again.
(function () {
  "use strict";

  const { tapping, choose, say, readAloud } = globalThis.krachtmeting;
  const form = document.getElementById("interview");
  const tools = document.getElementById("screen-tools");
  if (!form || !tools) return;
  const AGAIN = [2000, 5000, 10000, 20000];

  let cards = { units: {} };
  let dialog = null;
  let current = "";
  let stopReading = () => {};

  // Sends what happened, and tries again while there is no connection: the interview goes on meanwhile.
  async function tell(address, fields, tries = 0) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    body.set("csrf_token", form.elements.namedItem("csrf_token").value);
    const answer = await fetch(address, { method: "POST", body }).catch(() => null);
    const lost = answer === null || answer.status >= 500 || answer.status === 400;
    if (lost && tries < AGAIN.length) setTimeout(() => tell(address, fields, tries + 1), AGAIN[tries]);
    return answer;
  }

  // In two languages, or with an interpreter, the cards come right after the page, so that they are there without a
  // connection too. In one language they come when the first is wanted: most interviews need none.
  let coming = null;

  async function fetchCards() {
    const answer = await fetch(tools.dataset.cards).catch(() => null);
    if (answer && answer.ok) cards = await answer.json().catch(() => cards);
  }

  const ready = () => (coming = coming || fetchCards());

  // --- There and back -----------------------------------------------------------------------------------------------

  function open(unit) {
    const html = cards.units[unit];
    if (!html) return false;
    current = unit;
    if (!dialog) dialog = made();
    dialog.lang = cards.lang;
    dialog.dir = cards.dir;
    dialog.querySelector("[data-card-place]").innerHTML = html;
    const page = onPage(unit);
    choose(dialog, page.answers, page.reason);
    // Focus goes back to where it was, also in browsers that forget it.
    const before = document.activeElement;
    dialog.showModal();
    dialog.scrollTo(0, 0);
    dialog.addEventListener("close", () => before && before.isConnected && before.focus(), { once: true });
    stopReading = readAloud(dialog, (name, keys, how) => tell(tools.dataset.played, [["unit", name], ["keys", keys.join(" ")], ["how", how]]));
    tell(tools.dataset.opened, [["unit", unit]]);
    tick(unit);
    return true;
  }

  function made() {
    const one = document.createElement("dialog");
    one.className = "card-dialog";
    one.setAttribute("aria-labelledby", "one-text");
    const inside = document.createElement("div");
    inside.className = "card-inside";
    const place = document.createElement("div");
    place.dataset.cardPlace = "";
    const back = document.createElement("div");
    back.className = "card-back";
    back.innerHTML = cards.back;
    back.querySelector("button").addEventListener("click", () => one.close());
    inside.append(place, back);
    one.append(inside);
    one.addEventListener("close", () => {
      stopReading();
      place.replaceChildren();
    });
    tapping(one, tapped);
    document.body.append(one);
    return one;
  }

  // What stands on the page for a unit, as texts.
  function onPage(unit) {
    const chosen = Array.from(form.querySelectorAll(`[name="q_${unit}"]:checked`), (input) => input.value);
    const beside = form.querySelector(`[name="m_${unit}"]:checked`);
    const among = chosen.find((value) => value.startsWith("!"));
    return {
      answers: chosen.filter((value) => value && !value.startsWith("!")),
      reason: among ? among.slice(1) : (beside && beside.value) || "",
    };
  }

  function tick(unit) {
    const place = document.getElementById(`unit-${unit}`);
    const question = place && place.closest("[data-question]");
    const chip = question && form.querySelector(`input[name="r_${question.dataset.question}"][value=card]`);
    if (!chip || chip.checked) return;
    chip.checked = true;
    chip.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- A tap on the card --------------------------------------------------------------------------------------------

  async function tapped(card, sent) {
    const answers = sent.getAll("answer");
    const reason = sent.get("reason") || "";
    const unit = current;
    say(dialog, "");
    sent.set("script", "1");
    const answer = await tell(tools.dataset.card + unit, Array.from(sent));
    if (answer && answer.status === 422) {
      if (current === unit) say(dialog, (await answer.json()).say);
      return;
    }
    // Without a connection the page still knows what was tapped; the server hears of it later.
    if (current === unit && dialog.open) say(dialog, cards.thanks);
    document.dispatchEvent(new CustomEvent("card-tapped", { detail: { unit, answers, reason } }));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-card]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (coming && !open(link.dataset.card)) return; // There is none to be had: the link leads to a page with it.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!coming) ready().then(() => link.click());
  }, true);

  let last = "";
  form.addEventListener("focusin", (event) => {
    const unit = event.target.closest("[data-unit]");
    if (unit) last = unit.dataset.unit;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog && dialog.open) return dialog.close();
    const first = Array.from(form.querySelectorAll("[data-unit]")).find((unit) => unit.checkVisibility());
    const place = document.activeElement && document.activeElement.closest("[data-unit]");
    const wanted = (place || (last && document.getElementById(`unit-${last}`)) || first || { dataset: {} }).dataset.unit;
    ready().then(() => open(wanted));
    return undefined;
  });

  globalThis.krachtmeting.tell = tell;
  if (document.body.matches(".bilingual, .participants-own") || form.querySelector(".relay")) ready();
})();
