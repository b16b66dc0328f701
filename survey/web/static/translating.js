// One text at a translator's desk: the page beside it shows what is being typed, and nothing typed is left behind.
(() => {
  "use strict";
  const form = document.getElementById("translating");
  const preview = document.querySelector("[data-preview]");
  const typed = document.getElementById("t-words");
  document.documentElement.classList.add("scripted");

  function show() {
    const words = typed.value.trim();
    const at = preview.dataset;
    for (const place of preview.querySelectorAll("[data-at-hand]")) {
      // What is typed stands there as text, never as markup.
      const lines = (words || at.source).split("\n");
      place.replaceChildren(...lines.flatMap((line, i) => (i ? [document.createElement("br"), line] : [line])));
      place.lang = words ? at.language : at.sourceLanguage;
      place.dir = words ? at.direction : at.sourceDirection;
    }
  }

  function atHand() {
    const pane = preview.querySelector(".preview-pane");
    const place = pane.querySelector("[data-at-hand]:not(.visually-hidden *)");
    if (!place) return;
    const [box, all] = [place.getBoundingClientRect(), pane.getBoundingClientRect()];
    // Only the pane moves, not the page with the fields.
    pane.scrollTop += box.top - all.top - pane.clientHeight / 3;
  }

  const state = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  let kept = state();
  typed.addEventListener("input", show);
  form.addEventListener("submit", () => { kept = null; });
  window.addEventListener("beforeunload", (event) => {
    if (kept !== null && kept !== state()) event.preventDefault();
  });
  // Going back to a page that the browser kept: what stands in its fields is what the preview shows.
  window.addEventListener("pageshow", () => { show(); kept = document.getElementById("problem") ? "" : state(); });
  show();
  atHand();
  const problem = document.getElementById("problem");
  if (problem) problem.focus();
})();
