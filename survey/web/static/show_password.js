// A button beside each password that shows what was typed, and hides it again when the form goes.
"use strict";

for (const form of document.querySelectorAll("form[data-show-password]")) {
  const fields = [...form.querySelectorAll('input[type="password"]')];
  if (fields.length === 0) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet show-password";
  const show = (shown) => {
    for (const field of fields) field.type = shown ? "text" : "password";
    button.textContent = shown ? form.dataset.hidePassword : form.dataset.showPassword;
  };
  button.addEventListener("click", () => show(fields[0].type === "password"));
  // A browser must not take it for a text of which it remembers what was typed.
  form.addEventListener("submit", () => show(false));
  show(false);
  const last = fields[fields.length - 1];
  (last.closest(".field") || last).after(button);
}
