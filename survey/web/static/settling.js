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
      // How long ago the last of these was filled in: the screen says when.
      ["age", String(Math.max(0, Date.now() - Math.max(...both.map((entry) => entry.at))))],
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
    // Where nothing differs any more there is no such screen: the server sends back to a page at once.
    noteSettling(`${form.dataset.save.split("/response/")[1].split("/")[0]}/${page}`);
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
    choice.addEventListener("submit", () => noteSettling(`${token}/${page}`));
  }

  function noteSettling(what) {
    try {
      root.sessionStorage.setItem(SETTLING, what);
    } catch {
      // A browser without a store for this tab: the choice is asked once more.
    }
  }

  // Once a choice was saved, what waited for it here may go. That it was is proved by a redirect to this page straight
  // from a page of this response: whoever had to sign in meanwhile comes from elsewhere, and is asked once more.
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
    if (!document.referrer.includes(`/response/${journal.token}/page/`)) return;
    const page = settled.slice(journal.token.length + 1);
    for (const entry of await journal.entries()) if (entry.conflict && entry.page === page) await journal.remove(entry.id);
  }

  const choice = document.querySelector("form.two-versions");
  if (choice) noteChoice(choice);
  root.krachtmeting = Object.assign(root.krachtmeting || {}, { askWhichIsRight, forgetSettled });
})(globalThis);
