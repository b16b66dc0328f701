// Two versions of one answer: to the screen where a person chooses, and what becomes of the version that was kept here.
(function (root) {
  "use strict";

  const SETTLING = "krachtmeting settling";

  // Opens the screen with both versions of what `entries` hold of one page: of the one that is shown, if there is something.
  function askWhichIsRight(form, entries, how) {
    const waiting = entries.filter((entry) => entry.conflict);
    if (waiting.length === 0) return;
    const { page } = waiting.find((entry) => entry.page === form.dataset.page) || waiting[0];
    const both = waiting.filter((entry) => entry.page === page);
    const here = page === form.dataset.page;
    const fields = [
      ...both.flatMap((entry) => entry.fields),
      ["units", both.flatMap((entry) => entry.units).join(" ")],
      ["base", String(Math.min(...both.map((entry) => entry.base)))],
      ["tab", both[0].tab],
      ["texts", both[0].texts],
      ["shown", here ? form.elements.namedItem("shown").value : ""],
      // Back to the page itself. What is new on another page than this one cannot be told from here.
      ["go", here ? "stay" : "show-"],
      ["csrf_token", how.csrf.value],
    ];
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = how.address(`page/${page}`);
    sent.hidden = true;
    for (const [name, value] of fields) {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    form.dataset.leaving = "";
    sent.submit();
  }

  // The screen itself says which page it settles when its choice is sent.
  function noteChoice(choice) {
    const [token, page] = choice.action.split("/response/")[1].split("/page/");
    try {
      root.sessionStorage.removeItem(SETTLING);
    } catch {
      return;
    }
    choice.addEventListener("submit", () => root.sessionStorage.setItem(SETTLING, `${token}/${page}`));
  }

  // Once a choice was saved, which a redirect to this page proves, what waited for it here may go.
  async function forgetSettled(journal) {
    let settled = null;
    try {
      settled = root.sessionStorage.getItem(SETTLING);
      root.sessionStorage.removeItem(SETTLING);
    } catch {
      return; // A browser without a store for this tab: the choice is asked once more.
    }
    const [arrived] = root.performance.getEntriesByType("navigation");
    if (!settled || !settled.startsWith(`${journal.token}/`) || !arrived || arrived.redirectCount === 0) return;
    const page = settled.slice(journal.token.length + 1);
    for (const entry of await journal.entries()) if (entry.conflict && entry.page === page) await journal.remove(entry.id);
  }

  const choice = document.querySelector("form.two-versions");
  if (choice) noteChoice(choice);
  root.krachtmeting = Object.assign(root.krachtmeting || {}, { askWhichIsRight, forgetSettled });
})(globalThis);
