// Keeps “7 minutes ago” true on a page left open. Words older than a day do not change while it is open.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function startMoments() {
  if (!document.body.dataset.ago) return;
  const words = JSON.parse(document.body.dataset.ago); // the server's: browsers do not know all our languages
  setInterval(() => document.querySelectorAll("time.ui-when").forEach((time) => refresh(time, words)), MINUTE / 2);
}

function refresh(time, words) {
  const passed = Date.now() - Date.parse(time.dateTime);
  if (passed < MINUTE || passed >= 24 * HOUR) return;
  const [count, { forms, form }] =
    passed < HOUR ? [Math.floor(passed / MINUTE), words.minute] : [Math.floor(passed / HOUR), words.hour];
  time.querySelector("[data-ago]").textContent = forms[form[count]].replace("%d", count);
}
