// What the page says of saving: one calm line, with what can be done about it where there is something to do.
(function (root) {
  "use strict";

  const WORDS = ["saving", "saved", "unsaved", "offline", "kept", "working", "sending", "signed-out", "conflict", "refused", "locked", "handed-in", "away"];
  const ASKS = { conflict: "settle", "signed-out": "ask-sign-in", away: "ask-sign-in" };

  // `form` has the words as data-say-<state>. Answers with `say(state, time)`.
  // A press on what the line offers is told as an event on the form: "settle", "ask-sign-in" or "ask-file".
  function status(form) {
    const place = document.getElementById("saved");
    const words = Object.fromEntries(WORDS.map((state) => [state, form.getAttribute(`data-say-${state}`) || ""]));
    let file = false;
    let said = "";

    function button(text, event) {
      const pressed = document.createElement("button");
      pressed.type = "button";
      pressed.className = "link";
      pressed.textContent = text;
      pressed.addEventListener("click", () => form.dispatchEvent(new Event(event)));
      return pressed;
    }

    function way(state, text) {
      if (!form.dataset.signIn || ASKS[state] !== "ask-sign-in") return button(text, ASKS[state]);
      const link = document.createElement("a");
      link.href = form.dataset.signIn;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = text;
      return link;
    }

    function show(state) {
      const parts = [ASKS[state] ? way(state, said) : said];
      if (file && form.dataset.sayFile) parts.push(" ", button(form.dataset.sayFile, "ask-file"));
      place.replaceChildren(...parts);
    }

    function say(state, time) {
      const text = words[state].replace("{time}", time || "");
      if (state === "saved") file = false;
      else if (place.dataset.state === state && said === text) return;
      place.dataset.state = state;
      said = text;
      show(state);
    }

    // Whether what is kept here can be saved as a file is offered beside the words.
    say.offersFile = (offered) => {
      if (file === offered) return;
      file = offered;
      if (place.dataset.state) show(place.dataset.state);
    };
    return say;
  }

  // Hands a file with what is kept here to whoever sits here, and says what to do with it.
  function handOut(form, file) {
    if (file === null) return;
    root.krachtmeting.download(file);
    const words = document.createElement("p");
    words.className = "message";
    words.setAttribute("role", "status");
    words.textContent = form.dataset.sayFileMade;
    form.prepend(words);
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { status, handOut });
})(globalThis);
