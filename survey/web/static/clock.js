/* Lets the time of the step that runs go on, as the server will count it, and tells with each tap when it was: a tap
   that first needs a new sign-in keeps its moment. Without this script the server takes the moment at which it comes. */
"use strict";

const opened = performance.now();
const passed = () => Math.floor((performance.now() - opened) / 1000);

const clock = document.querySelector("[data-shown-at]");
const tell = (form, name, value) => {
  const input = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  input.value = value;
};
clock?.addEventListener("submit", (event) => {
  tell(event.target, "shown_at", clock.dataset.shownAt);
  tell(event.target, "passed", passed());
});

const shown = document.querySelector("[data-running]");
if (shown) {
  const before = Number(shown.dataset.running);
  const show = () => {
    const seconds = before + passed();
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  setInterval(show, 1000);
  show();
}
