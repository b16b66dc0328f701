// A page that somebody fills in alone: read aloud where it can be, and a device at hand that goes back to a calm page.
(function () {
  "use strict";

  const form = document.getElementById("interview");
  let stopReading = () => {};

  // A page that begins: the one that was loaded, or another one in its place while there is no network.
  function begin() {
    stopReading();
    const place = form.querySelector("[data-one]");
    const sounds = JSON.parse(place.dataset.sounds || "{}");
    const texts = Array.from(place.querySelectorAll("[data-say]"));
    for (const text of texts) if (sounds[text.dataset.say]) text.dataset.sound = sounds[text.dataset.say];

    // What is not asked is not read.
    const button = place.querySelector("[data-read-aloud]");
    button.addEventListener("click", () => {
      for (const text of texts) {
        if (text.closest("[hidden]")) {
          if (text.dataset.say) text.dataset.silent = text.dataset.say;
          delete text.dataset.say;
        } else if (text.dataset.silent) text.dataset.say = text.dataset.silent;
      }
    }, true);
    stopReading = globalThis.krachtmeting.readAloud(form, () => {});
  }

  begin();
  form.addEventListener("page-exchanged", begin);

  // Nothing counts down on the page: once nobody did anything for long enough, it is simply calm again.
  const seconds = Number(form.dataset.idle);
  if (!seconds) return;
  const AFTER_THE_SERVER = 15;
  let timer;
  function stay() {
    clearTimeout(timer);
    timer = setTimeout(() => globalThis.location.replace(form.dataset.calm), (seconds + AFTER_THE_SERVER) * 1000);
  }
  form.addEventListener("input", stay);
  stay();
})();
