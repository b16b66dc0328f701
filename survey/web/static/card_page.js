// A show card as a page of its own: Escape or F2 leads back, and what is read aloud is noted.
(function () {
  "use strict";

  const place = document.querySelector(".card-page");
  const csrf = document.getElementById("csrf");
  globalThis.krachtmeting.readAloud(place, (unit, keys, how) => {
    const sent = new FormData();
    sent.set("unit", unit);
    sent.set("keys", keys.join(" "));
    sent.set("how", how);
    sent.set("csrf_token", csrf.value);
    fetch(place.dataset.played, { method: "POST", body: sent, keepalive: true }).catch(() => {});
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" && event.key !== "Escape") return;
    event.preventDefault();
    document.querySelector("[data-back]").click();
  });
})();
