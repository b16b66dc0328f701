// A translator reads a text aloud: record, listen, keep or record again. Without a microphone a file can be chosen.
(() => {
  "use strict";
  const place = document.getElementById("recording");
  const form = place && place.querySelector("form");
  if (!form || !navigator.mediaDevices || !window.MediaRecorder) return;
  const [record, stop, keep] = ["record", "stop", "keep"].map((name) => form.querySelector(`[data-${name}]`));
  const audio = place.querySelector("audio");
  const told = place.querySelector("[data-told]");
  const LIMIT = 1048576;
  const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  let recorder = null;
  let recorded = null;
  let address = null;
  form.querySelector(".with-microphone").hidden = false;

  function tell(words) { told.textContent = words; }

  function buttons(state) {
    record.hidden = state === "recording";
    stop.hidden = state !== "recording";
    keep.hidden = state !== "recorded";
    place.classList.toggle("on", state === "recording");
  }

  function listenTo(sound) {
    if (address) URL.revokeObjectURL(address);
    address = sound instanceof Blob ? URL.createObjectURL(sound) : null;
    audio.src = address || sound;
    audio.hidden = false;
  }

  record.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch {
      tell(place.dataset.sayNotAllowed);
      return;
    }
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    const parts = [];
    recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 48000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      recorded = new Blob(parts, { type: recorder.mimeType });
      listenTo(recorded);
      const small = recorded.size <= LIMIT;
      tell(small ? place.dataset.sayListen : place.dataset.sayTooLong);
      buttons(small ? "recorded" : "");
      (small ? keep : record).focus();
    });
    recorder.start();
    tell(place.dataset.sayRecording);
    buttons("recording");
    stop.focus();
  });

  stop.addEventListener("click", () => recorder.stop());

  keep.addEventListener("click", async () => {
    const sent = new FormData(form);
    sent.set("sound", recorded, "recording");
    keep.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (said.problem) {
        tell(said.problem);
      } else {
        listenTo(said.address);
        tell(place.dataset.sayKept);
        buttons("");
        record.focus();
      }
    } catch {
      tell(place.dataset.sayFailed);
    } finally {
      keep.disabled = false;
    }
  });
})();
