// Keeps counts, alarms and “who else has this ticket open” true without a reload, while somebody looks at the page.
import { askLive } from "./server.js";

const EVERY = 5_000; // ms
const AT_MOST = 60_000; // after failures
const TYPED = 10_000; // whoever pressed a key in this time is typing

export function startLive(root) {
  new LivePage(root);
}

class LivePage {
  constructor(root) {
    this.root = root;
    this.wait = EVERY;
    this.known = root.dataset.alarms.split(" ");
    this.answer = document.querySelector("[data-answer]");
    this.answer?.addEventListener("input", () => (this.typedAt = Date.now()));
    document.addEventListener("visibilitychange", () => this.begin());
    this.begin();
  }

  begin() {
    clearTimeout(this.timer);
    if (!document.hidden) this.ask();
  }

  async ask() {
    const asking = (this.asking = {}); // an answer that comes after the next question is nobody's
    try {
      if (!("blanked" in document.documentElement.dataset)) this.show(await askLive(this.root.dataset.url, this.facts()));
      this.wait = EVERY;
    } catch {
      this.wait = Math.min(this.wait * 2, AT_MOST);
      this.say("[data-watching]", ""); // nobody knows any more
    }
    if (asking === this.asking && !document.hidden) this.timer = setTimeout(() => this.ask(), this.wait);
  }

  facts() {
    const { ticket } = this.root.dataset;
    if (!ticket) return {};
    return Date.now() - (this.typedAt ?? 0) < TYPED ? { ticket, typing: "1" } : { ticket };
  }

  show({ counts, alarms, watching = "" }) {
    document.querySelectorAll("[data-queue]").forEach((place) => {
      const count = counts[place.dataset.queue];
      if (count !== undefined) place.textContent = count;
    });
    this.say("[data-watching]", watching);
    const isNew = alarms.some((ref) => !this.known.includes(ref));
    this.say("[data-new-alarm]", isNew ? this.root.dataset.sayAlarm : "");
  }

  /** Says something aloud once: words that stand there already are not said again. */
  say(place, words) {
    const line = this.root.querySelector(place);
    if (line.textContent !== words) line.textContent = words;
  }
}
