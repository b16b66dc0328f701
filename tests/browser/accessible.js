// What a page must do for everybody, asked by accessible.py. Each function answers with what is wrong, in words.
const CONTROLS = "a[href], button, select, textarea, summary, input:not([type=hidden])";

const words = (one) => {
  const said = one.textContent.trim() || one.getAttribute("aria-label") || one.name || one.id || "";
  return said.slice(0, 50);
};
const named = (one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className} "${words(one)}"`;

// The target of an input is its label too.
const target = (one) => (one.matches("[type=radio], [type=checkbox]") && one.closest("label")) || one;

// Letters of a script stand under a language that is written in it. An option cannot be in two languages.
const SCRIPTS = [
  [/\p{Script=Arabic}/u, /^(ar|fa|prs|ps|ur|ckb)/],
  [/\p{Script=Ethiopic}/u, /^(ti|am)/],
  [/\p{Script=Cyrillic}/u, /^(uk|ru|bg)/],
];

function standing() {
  const faults = [];
  const headings = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility());
  if (headings.length !== 1) faults.push(`${headings.length} headings of the first level`);
  if (document.title.replace(/· Krachtmeting$/, "").trim().length < 2) faults.push("the title says nothing");
  for (const one of document.querySelectorAll(CONTROLS)) {
    const at = target(one);
    if (!at.checkVisibility() || at.closest(".skip, .first-submit, [inert], svg")) continue;
    if (at.matches("a") && getComputedStyle(at).display === "inline") continue;
    const { width, height } = at.getBoundingClientRect();
    if (width < 23.9 || height < 23.9) faults.push(`${named(at)} is a target of ${width.toFixed(0)} x ${height.toFixed(0)}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, option")) continue;
    const lang = node.parentElement.closest("[lang]")?.lang ?? "";
    for (const [script, languages] of SCRIPTS) {
      if (script.test(node.data) && !languages.test(lang)) faults.push(`"${node.data.trim().slice(0, 40)}" is said to be ${lang}`);
    }
  }
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.001);
  for (const one of matchMedia("(prefers-reduced-motion: reduce)").matches ? document.querySelectorAll("body *") : []) {
    const style = getComputedStyle(one);
    if (lasts(style.transitionDuration) || lasts(style.animationDuration)) faults.push(`${named(one)} moves`);
  }
  return faults;
}

// Why somebody would not see that this element has the focus; "" where they would.
const AROUND = "label, a, button, summary, td, th, li, p, form, fieldset, section, .card, .scroll, .question, .relay, .reasons";
function unseen(one) {
  const label = one.closest("label");
  const drawn = [one, label].filter(Boolean).map((part) => getComputedStyle(part));
  const outlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!drawn.some(outlined)) return "shows no focus";
  const box = (label && label.checkVisibility() ? label : one).getBoundingClientRect();
  const shown = (x, y) => {
    const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return at && (one.contains(at) || (at.contains(one) && at.matches(AROUND)) || (label && label.contains(at)));
  };
  const seen = [0.1, 0.5, 0.9].some((x) => [0.02, 0.1, 0.5, 0.9].some((y) => shown(x, y)));
  return seen ? "" : "is hidden when it has the focus";
}

function focusing() {
  const within = document.querySelector("dialog:modal") || document.body;
  const all = [...within.querySelectorAll(`${CONTROLS}, [tabindex='0']`)];
  // Of a group of radio buttons one is reached by Tab: the chosen one, else any.
  const chosen = (one) => all.some((other) => other.name === one.name && other.form === one.form && other.checked);
  const reached = (one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]");
  const faults = [];
  for (const one of all) {
    if (!reached(one) || (one.matches("[type=radio]") && !one.checked && chosen(one))) continue;
    one.focus();
    const fault = document.activeElement === one ? unseen(one) : "takes no focus";
    if (fault) faults.push(`${named(one)} ${fault}`);
  }
  return faults;
}

function atFocus() {
  const one = document.activeElement;
  if (!one || one === document.body) return { words: "", name: "", value: "", fault: "" };
  const labelled = one.labels && one.labels.length ? one.labels[0].textContent : "";
  const said = labelled || one.getAttribute("aria-label") || one.textContent;
  const fault = unseen(one);
  return {
    words: said.replace(/\s+/g, " ").trim(),
    name: one.name || one.id || "",
    value: one.value || "",
    fault: fault && `${named(one)} ${fault}`,
  };
}

// Nothing is cut off or sticks out; what scrolls sideways by itself is reached by keyboard and has a name.
const NO_TEXT = "svg, .visually-hidden, .first-submit, select, progress, .skip";
function reflowing() {
  const faults = [];
  const root = document.scrollingElement;
  const beyond = (one) => one.checkVisibility() && one.getBoundingClientRect().right > root.clientWidth + 1;
  if (root.scrollWidth > root.clientWidth + 1) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => beyond(one) && !one.closest("svg"));
    faults.push(`${root.scrollWidth} wide, by ${wide.slice(-3).map(named).join(", ")}`);
  }
  for (const one of document.querySelectorAll("body *")) {
    if (!one.checkVisibility() || one.closest(NO_TEXT) || one.matches("input, textarea")) continue;
    const style = getComputedStyle(one);
    if (style.display === "inline" || style.clipPath !== "none") continue;
    const across = one.scrollWidth > one.clientWidth + 1;
    const down = one.scrollHeight > one.clientHeight + 1;
    const cuts = (overflow) => ["hidden", "clip"].includes(overflow);
    if (across && ["auto", "scroll"].includes(style.overflowX)) {
      if (one.tabIndex < 0 && !one.querySelector(CONTROLS)) faults.push(`${named(one)} scrolls and cannot be reached`);
      if (!one.matches("[role=region]:is([aria-label], [aria-labelledby])")) faults.push(`${named(one)} scrolls without a name`);
    } else if ((across && cuts(style.overflowX)) || (down && cuts(style.overflowY))) {
      faults.push(`${named(one)} is cut off`);
    }
  }
  return faults;
}

// As WCAG 1.4.12 has it.
function spaced() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  document.adoptedStyleSheets = [sheet];
}

function plain() {
  document.adoptedStyleSheets = [];
}

// Each input with the languages of the words that name it or its group.
function languagesOfNames() {
  const inputs = [...document.querySelectorAll("#interview :is(input:not([type=hidden]), textarea)")];
  const asked = inputs.filter((one) => one.checkVisibility() && !one.closest(".relay, .note, .reason"));
  return asked.map((one) => {
    const group = one.closest("fieldset, [role=group], [role=radiogroup]");
    const legend = group && (group.querySelector("legend") || document.getElementById(group.getAttribute("aria-labelledby")));
    const named = [...one.labels, ...(legend ? [legend] : [])];
    const languages = named.flatMap((label) => [...label.querySelectorAll("[lang]")].map((part) => part.lang));
    return [one.name, [...new Set(languages)].sort().join(" ")];
  });
}

// What is chosen and looks like what is not, where a browser puts its own colours in the place of ours.
function chosenUnseen() {
  const chosen = [...document.querySelectorAll(".option, .point, .reason, .chip")].filter((one) => one.querySelector(":checked"));
  return chosen.filter((one) => {
    const other = one.parentElement.querySelector(":scope > label:not(:has(:checked))");
    const drawn = (part) => getComputedStyle(part).outlineStyle;
    const input = one.querySelector("input").checkVisibility({ opacityProperty: true });
    return one.checkVisibility() && other && drawn(one) === drawn(other) && !input;
  }).map((one) => one.textContent.trim());
}
