// Reads a card aloud: a recording where there is one, else a voice of this device, else there is no button.
(function (root) {
  "use strict";

  const speech = root.speechSynthesis;
  const SLOWLY = 0.9;
  const base = (language) => language.toLowerCase().split(/[-_]/)[0];

  // Voices of the device itself only: others send the words to a server of somebody else.
  const voiceFor = (language) =>
    speech && speech.getVoices().find((voice) => voice.localService && base(voice.lang) === base(language));

  // `place` holds a card with its button. `played(unit, keys, how)` is told what was read, when it ends.
  // What comes back ends the reading, and lets go of the card.
  function readAloud(place, played) {
    const button = place.querySelector("[data-read-aloud]");
    if (!button) return () => {};
    const unit = place.querySelector("[data-one]").dataset.one;
    let reading = null;

    const words = () => Array.from(place.querySelectorAll("[data-say]"));
    const readable = (part) => Boolean(part.dataset.sound || voiceFor(part.lang));

    function offer() {
      button.hidden = !words().some(readable);
    }

    function show(on) {
      for (const face of button.querySelectorAll("[data-when]")) face.hidden = (face.dataset.when === "reading") !== on;
      button.setAttribute("aria-pressed", String(on));
    }

    async function read() {
      const mine = { stopped: false, stop: () => {}, keys: { recording: [], voice: [] } };
      reading = mine;
      show(true);
      for (const part of words()) {
        if (mine.stopped) break;
        const lit = part.closest(".one-option") || part;
        lit.classList.add("being-read");
        if (lit !== button) lit.scrollIntoView({ block: "nearest" });
        const recorded = part.dataset.sound && (await sounded(part, mine));
        if (!recorded && !mine.stopped) await spoken(part, mine);
        lit.classList.remove("being-read");
      }
      finish(mine);
    }

    function finish(mine) {
      if (reading !== mine) return;
      reading = null;
      show(false);
      for (const [how, keys] of Object.entries(mine.keys)) if (keys.length) played(unit, keys, how);
    }

    // Whether the recording could be played.
    function sounded(part, mine) {
      const audio = new Audio(part.dataset.sound);
      return new Promise((resolve) => {
        mine.stop = () => {
          audio.pause();
          resolve(true);
        };
        audio.addEventListener("playing", () => mine.keys.recording.push(part.dataset.say), { once: true });
        audio.addEventListener("ended", () => resolve(true));
        audio.addEventListener("error", () => resolve(false));
        audio.play().catch(() => resolve(mine.stopped));
      });
    }

    function spoken(part, mine) {
      const voice = voiceFor(part.lang);
      if (!voice) return Promise.resolve();
      const utterance = new SpeechSynthesisUtterance(part.textContent);
      Object.assign(utterance, { voice, lang: voice.lang, rate: SLOWLY });
      // Without somebody who holds it, some browsers forget an utterance before it ends.
      mine.utterance = utterance;
      return new Promise((resolve) => {
        mine.stop = () => {
          speech.cancel();
          resolve();
        };
        utterance.addEventListener("start", () => mine.keys.voice.push(part.dataset.say));
        utterance.addEventListener("end", () => resolve());
        utterance.addEventListener("error", () => resolve());
        speech.speak(utterance);
      });
    }

    function stop() {
      const mine = reading;
      if (!mine) return;
      mine.stopped = true;
      mine.stop();
      finish(mine);
    }

    button.addEventListener("click", () => (reading ? stop() : read()));
    // Voices come late on most devices.
    if (speech && speech.addEventListener) speech.addEventListener("voiceschanged", offer);
    offer();
    return () => {
      stop();
      if (speech && speech.removeEventListener) speech.removeEventListener("voiceschanged", offer);
    };
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { readAloud });
})(globalThis);
