// Keeps “7 minutes ago” true on a page left open. Words older than a day do not change while it is open.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function startMoments() {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en-GB");
  setInterval(() => document.querySelectorAll("time.ui-when").forEach((time) => refresh(time, words)), MINUTE / 2);
}

function refresh(time, words) {
  const passed = Date.now() - Date.parse(time.dateTime);
  if (passed < MINUTE || passed >= 24 * HOUR) return;
  const [count, unit] = passed < HOUR ? [passed / MINUTE, "minute"] : [passed / HOUR, "hour"];
  time.querySelector("[data-ago]").textContent = words.format(-Math.floor(count), unit);
}
