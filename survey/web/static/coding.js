// Selecting words of an answer, with the mouse, a finger or the keyboard: where they begin and end goes with the form.
(function () {
  "use strict";

  const text = document.getElementById("coding-text");
  const first = document.getElementById("chosen-first");
  const beyond = document.getElementById("chosen-beyond");
  const said = document.getElementById("chosen-words");
  const sentences = document.querySelector(".sentences");

  for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
  // Who can select need not see every sentence twice; what was ticked stays in sight.
  if (!sentences.querySelector("input:checked")) sentences.open = false;

  // The server counts whole signs, where a script counts some of them, as emoji, twice.
  const length = (words) => Array.from(words).length;

  function show() {
    const signs = Array.from(text.textContent);
    said.textContent = first.value === "" ? "" : "“" + signs.slice(Number(first.value), Number(beyond.value)).join("").trim() + "”";
  }

  function choose() {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const chosen = range.toString();
    if (!chosen.trim()) return;
    const start = length(before.toString());
    first.value = String(start);
    beyond.value = String(start + length(chosen));
    show();
  }

  document.addEventListener("selectionchange", choose);
  text.addEventListener("mouseup", choose);
  text.addEventListener("keyup", choose);
  // Sentences and a selection are two ways of saying the same: the last one used counts.
  sentences.addEventListener("change", () => {
    first.value = "";
    beyond.value = "";
    show();
  });
  show();
})();
