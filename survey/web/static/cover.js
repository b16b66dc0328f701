// Signing in over a page: it stays as it is, covered, until who filled it in is there again. Nobody else sees anything of it.
(function (root) {
  "use strict";

  // Answers with what the cover does for the page of `form`, or with null where the page has none.
  function cover(form, saver) {
    const dialog = document.getElementById("sign-in-over");
    if (!dialog) return null;
    const sheet = dialog.querySelector("form");
    const problem = dialog.querySelector("[role=alert]");
    const second = dialog.querySelector("[data-second]");
    const elsewhere = dialog.querySelector("[data-elsewhere]");
    const input = (name) => sheet.elements.namedItem(name);
    const always = !elsewhere.hidden;
    let wanted = false;
    let busy = false;

    function ask() {
      if (wanted) return;
      wanted = true;
      dialog.querySelector("[data-kept]").hidden = !saver.keeps;
      show();
    }

    function show() {
      if (!dialog.open) dialog.showModal();
      input("name").focus();
    }

    function lift() {
      if (!wanted) return;
      wanted = false;
      tell("");
      sheet.reset();
      second.hidden = true;
      elsewhere.hidden = !always;
      dialog.close();
      form.dispatchEvent(new Event("signed-in"));
    }

    // The journal is kept for its owner; of the page nothing stays. Where nothing could be kept, the cover stays on it.
    async function anotherPerson() {
      ask();
      if (saver.holds) return tell(dialog.dataset.sayOther);
      await saver.freeze();
      root.krachtmeting.forgetKeys();
      form.dataset.leaving = "";
      document.body.replaceChildren();
      root.location.replace(dialog.dataset.start);
    }

    function tell(words) {
      problem.textContent = words;
      problem.hidden = !words;
      for (const name of ["name", "password", "code"]) {
        if (words) input(name).setAttribute("aria-invalid", "true");
        else input(name).removeAttribute("aria-invalid");
      }
    }

    async function signIn() {
      const state = await (await fetch(form.dataset.session)).json();
      const body = new FormData(sheet);
      body.set("csrf_token", state.csrf);
      const answer = await fetch(sheet.action, { method: "POST", body });
      const said = await answer.json();
      if (answer.ok) return said.person === form.elements.namedItem("person").value ? signedIn(said) : anotherPerson();
      tell(said.problem || dialog.dataset.sayAgain);
      second.hidden = !said.second;
      elsewhere.hidden = !always && !said.elsewhere;
      const next = input(said.second ? "code" : said.elsewhere ? "name" : "password");
      next.focus();
      if (!said.second) next.select();
    }

    function signedIn(state) {
      form.elements.namedItem("csrf_token").value = state.csrf;
      lift();
    }

    sheet.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      try {
        await signIn();
      } catch {
        tell(dialog.dataset.sayAgain);
      } finally {
        busy = false;
      }
    });
    // Escape leads nowhere: under the cover is what nobody else may see.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => wanted && show());
    return { ask, lift, anotherPerson };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { cover });
})(globalThis);
