// The pages around the questions while there is no network: all pages, the end, a pause, and after handing in.
// They say what the server's pages say, with the words that came along with the questions.
(function (root) {
  "use strict";

  const SIGNS = { done: "✓", open: "○", started: "◐", unreachable: "–" };

  function made(tag, attributes, ...children) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== undefined) one.setAttribute(name, value);
    one.append(...children.filter((child) => child !== null && child !== ""));
    return one;
  }

  const shown = ({ words, lang, dir }) => made("span", { lang, dir }, words);

  // `words`: those of the bundle. Figures are written with the digits of the page's language.
  function teller(words) {
    const figures = (number) => Array.from(String(number), (sign) => (/[0-9]/.test(sign) ? Array.from(words.digits)[Number(sign)] : sign)).join("");
    const say = (name, values = {}) =>
      Object.entries(values).reduce((text, [figure, value]) => text.replace(`{${figure}}`, typeof value === "number" ? figures(value) : value), words[name] || "");
    say.counted = (name, count) => say(`${name}_${count === 1 ? "one" : "more"}`, { count });
    return say;
  }

  // Draws into `place`. `go(what, unit)` leads on: a page's name, or ":pages", ":end", ":pause", ":hand-in".
  function places(course, go) {
    const { bundle } = course;
    const say = teller(bundle.words);

    function link(what, attributes, ...children) {
      const address = what.startsWith(":") ? `${what.slice(1)}` : `page/${what}`;
      const one = made("a", { href: address, ...attributes }, ...children);
      one.addEventListener("click", (event) => {
        event.preventDefault();
        go(what, attributes && attributes["data-goes-to"]);
      });
      return one;
    }

    const button = (text, what, quiet) => {
      const one = made("button", { type: "button", class: quiet ? "button quiet" : "button" }, text);
      one.addEventListener("click", () => go(what));
      return one;
    };

    const actions = (...buttons) => made("div", { class: "actions" }, ...buttons);
    const paragraph = (text) => (text ? made("p", {}, text) : null);
    const calmly = () => (bundle.words.offline ? made("p", { class: "offline-word", role: "status" }, bundle.words.offline) : null);
    const unitLink = (page, unit) => link(page, { "data-goes-to": unit }, shown(bundle.units[unit].label));
    const titleOf = (name) => bundle.pages.find((page) => page.page === name).titles;

    function pages() {
      const how = course.progress();
      const rows = course.standings().map(({ page, standing, asked, answered }) => {
        const inside = [
          made("span", { class: "sign", "aria-hidden": "true" }, SIGNS[standing]),
          made("span", { class: "page-title" }, ...titleOf(page).flatMap((title, position) => {
            const one = shown(title);
            if (position) one.className = "words second";
            return position ? [" ", one] : [one];
          })),
          made("span", { class: "state" }, say(standing, { answered, asked })),
        ];
        const row = standing === "unreachable" ? made("span", { class: "page-row" }, ...inside) : link(page, { class: "page-row" }, ...inside);
        return made("li", { class: standing }, row);
      });
      const last = link(":end", { class: "page-row" }, made("span", { class: "sign", "aria-hidden": "true" }, "→"), made("span", { class: "page-title" }, say("to_end")), made("span", { class: "state" }));
      return [
        made("h1", { tabindex: "-1" }, say("all_pages")),
        calmly(),
        paragraph(say("answered", how)),
        made("progress", { max: "100", value: how.percent, "aria-label": say("progress") }),
        made("ol", { class: "page-list" }, ...rows, made("li", {}, last)),
      ];
    }

    function wrongOnes(wrong, title) {
      if (!wrong.length) return null;
      const rows = wrong.map(({ page, unit, words }) => made("li", {}, unitLink(page, unit), `: ${words}`));
      return made("section", { class: "summary", id: "summary" }, made("h2", {}, title), made("ul", {}, ...rows));
    }

    function leftOpen(left) {
      if (!left.length) return [];
      const count = left.reduce((sum, page) => sum + page.open.length, 0);
      const list = (page) => page.open.map((unit) => made("li", {}, unitLink(page.page, unit)));
      const all = bundle.alone
        ? made("ul", {}, ...left.flatMap(list))
        : made("ul", { class: "open-list" }, ...left.map((page) => made("li", {}, made("strong", {}, shown(titleOf(page.page)[0])), made("ul", {}, ...list(page)))));
      return [made("section", { class: "left-open" }, made("p", {}, say.counted("left", count)), all)];
    }

    function end() {
      const wrong = course.problems();
      const told = new Set(wrong.map(({ unit }) => unit));
      const left = course
        .standings()
        .map((page) => ({ page: page.page, open: page.open.filter((unit) => !told.has(unit)) }))
        .filter((page) => page.open.length);
      const back = bundle.alone ? button(say("previous"), course.previous(null) || ":end", true) : button(say("all_pages"), ":pages", true);
      const wait = bundle.alone ? [] : [button(say("pause"), ":pause", true)];
      return [
        made("h1", { tabindex: "-1" }, say("end")),
        calmly(),
        wrongOnes(wrong, say.counted("wrong", wrong.length)),
        ...leftOpen(left),
        wrong.length || left.length ? null : paragraph(say("all_answered")),
        wrong.length ? null : paragraph(say("hand_in_later")),
        actions(back, ...wait, ...(wrong.length ? [] : [button(say("hand_in"), ":hand-in")])),
      ];
    }

    const pause = (page) => [made("h1", { tabindex: "-1" }, say("paused")), paragraph(say("paused_words")), actions(button(say("go_on"), page))];

    return {
      draw(place, what, page) {
        const parts = { ":pages": pages, ":end": end, ":pause": () => pause(page) }[what]();
        place.replaceChildren(...parts.filter((part) => part !== null));
        place.lang = bundle.words.lang;
        place.dir = bundle.words.dir;
      },
      wrongOnes,
    };
  }

  // After handing in: nothing of the interview can be read here any more, so nothing of it is needed for this.
  function handedIn(place, words, arrived) {
    const say = teller(words);
    const start = arrived && words.to_start ? [made("div", { class: "actions" }, made("a", { class: "button", href: "/" }, say("to_start")))] : [];
    const told = say(arrived ? "arrived_words" : "handed_in_words");
    place.replaceChildren(made("h1", { tabindex: "-1" }, say(arrived ? "arrived" : "handed_in")), ...(told ? [made("p", arrived ? {} : { class: "still-waits" }, told)] : []), ...start);
    place.lang = words.lang;
    place.dir = words.dir;
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { places, handedIn, teller, made });
})(globalThis);
