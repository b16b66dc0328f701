// Buttons that open the browser's own window for printing, which can also keep a page as PDF.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
