// What the server could not take over as it was: shown question by question, each with a way to settle it.
(function (root) {
  "use strict";

  const { made, teller } = root.krachtmeting;
  const SEEN_AFTER = 3000;

  // `journal()` gives the journal, or null; `words()` the words of the pages that are kept, where there are any.
  function returned(form, address, journal, words) {
    const found = new Map();
    let place = null;

    async function show() {
      const kept = await journal();
      const said = words() || (kept && (await kept.kept("words").catch(() => null)));
      if (place) place.remove();
      place = null;
      if (!said || !found.size) return;
      place = made("section", { class: "summary returned", lang: said.lang, dir: said.dir, tabindex: "-1" });
      place.append(made("h2", {}, said.returned), ...(said.returned_words ? [made("p", {}, said.returned_words)] : []));
      place.append(made("ul", {}, ...Array.from(found.values(), (one) => row(one, said))));
      document.getElementById("main").prepend(place);
      place.focus({ preventScroll: true });
    }

    function row(one, said) {
      const say = teller(said);
      if (one.page) {
        const link = made("a", { href: `${address}page/${one.page}?look=1#unit-${one.unit}` }, one.label || said.look);
        return made("li", {}, link, `: ${one.words}`);
      }
      if (!one.name) return made("li", {}, one.words);
      const look = made("button", { type: "button", class: "button quiet" }, said.look_at_both || said.look);
      look.addEventListener("click", () => form.dispatchEvent(new Event("settle")));
      const { by, at } = one;
      return made(
        "li",
        {},
        made("strong", {}, one.label),
        made("p", {}, say("mine", { words: one.mine || said.nothing })),
        made("p", {}, say("theirs", { words: one.theirs || said.nothing, by, at })),
        look,
      );
    }

    async function hindered(entry, hindrances) {
      for (const one of hindrances) found.set(`${one.page} ${one.unit}`, one);
      await show();
      // It was seen once it stood there for a while; handing in is asked for anew once these are put right.
      setTimeout(async () => {
        const kept = await journal();
        if (kept && place) await kept.remove(entry.id);
      }, SEEN_AFTER);
    }

    document.addEventListener("journal-told", ({ detail: { entry, status, said } }) => {
      if (status === 409 && said && said.both) for (const one of said.both) found.set(`both ${one.name}`, one);
      else if (status === 423) found.set("locked", { words: (words() || {}).locked });
      else if (status === 422 && said && said.hindrances) return void hindered(entry, said.hindrances);
      else return;
      show();
    });

    // What a hand-in met while nobody looked.
    journal().then(async (kept) => {
      const entries = kept ? await kept.entries().catch(() => []) : [];
      for (const entry of entries) if (entry.kind === "hand-in" && entry.hindered) await hindered(entry, entry.hindered);
    });
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { returned });
})(globalThis);
