// ‘Blank Screen’ (guide 5.2): covers the page in every tab, by hand or after a time without input, and locks the session
// when it was left covered. Nothing of any pupil is kept in the browser: only since when, and whether.
import { saveNow } from "./drafts.js";
import { lockSession } from "./server.js";

const STATE = "ui-blank"; // {since, isLocked}; nothing: not blank
const INPUT = "ui-input"; // when there was input last, in any tab
const PLACE = "ui-place"; // where to scroll to after unlocking
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "input"];
const TICK = 5_000; // ms
const SAVING = 3_000;

const channel = "BroadcastChannel" in window ? new BroadcastChannel("ui-blank") : null;

export function startCover() {
  const root = document.querySelector('[data-module="ui-cover"]');
  if (root) new Cover(root);
  else if (document.querySelector('meta[name="ui-blank-ends"]')) endBlank();
}

/** The log-in page and the lock's: what was blank is behind them. */
function endBlank() {
  forget(localStorage, STATE);
  keep(localStorage, INPUT, Date.now());
  if (!channel || !document.querySelector("[data-unlock]")) return;
  channel.addEventListener("message", ({ data }) => {
    if (data.isOpen) location.replace(location.href); // unlocked in another tab: leads back by itself
  });
}

class Cover {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.after = Number(this.words.after) * 1000;
    this.lockAfter = Number(this.words.lockAfter) * 1000;
    this.made = []; // what was made inert
    this.state = read(localStorage, STATE);
    this.button = document.querySelector("[data-blank]");
    this.listen();
    if (this.state) this.apply(this.state);
    else this.start();
    setInterval(() => this.tick(), TICK);
  }

  start() {
    keep(localStorage, INPUT, Date.now());
    channel?.postMessage({ isOpen: true });
    const place = read(sessionStorage, PLACE);
    forget(sessionStorage, PLACE);
    if (place?.path !== location.pathname + location.search) return;
    scrollTo(0, place.y);
    document.getElementById(place.id)?.focus({ preventScroll: true });
  }

  listen() {
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.blank(Date.now()));
    this.root.addEventListener("click", () => this.comeBack());
    this.root.addEventListener("cancel", (event) => event.preventDefault());
    window.addEventListener("keydown", (event) => this.pressed(event), true);
    SIGNS.forEach((sign) => window.addEventListener(sign, (event) => this.sign(event), { capture: true, passive: true }));
    channel?.addEventListener("message", ({ data }) => "state" in data && this.apply(data.state));
    window.addEventListener("storage", ({ key, newValue }) => key === STATE && this.apply(parse(newValue)));
    for (const event of ["pageshow", "focus"]) window.addEventListener(event, () => this.tick());
    document.addEventListener("visibilitychange", () => this.tick());
  }

  get isCovered() {
    return "blanked" in document.documentElement.dataset;
  }

  get isLockDue() {
    return Boolean(this.state) && (this.state.isLocked || Date.now() - this.state.since >= this.lockAfter);
  }

  pressed(event) {
    const isB = event.code === "KeyB" || event.key.toLowerCase() === "b";
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (!this.isCovered) {
      if (!(isB && event.altKey && isPlain)) return;
      event.preventDefault();
      if (!event.repeat) this.blank(Date.now());
      return;
    }
    if (!isPlain || event.key === "Tab") return; // the browser's own
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat && (isB || event.key === "Enter" || event.key === " ")) this.comeBack();
  }

  sign(event) {
    if (this.isCovered || !event.isTrusted) return;
    const now = Date.now();
    const last = read(localStorage, INPUT) ?? now;
    if (now - last >= this.after) this.tick();
    else if (now - last >= 1000) keep(localStorage, INPUT, now);
  }

  tick() {
    const now = Date.now();
    if (this.isCovered) {
      this.showTime();
      if (this.isLockDue) this.lock();
      return;
    }
    const last = read(localStorage, INPUT) ?? now;
    if (now - last >= this.after) this.blank(last + this.after);
  }

  /** Blank every tab; `since` is the moment from which the lock counts. */
  blank(since) {
    this.tell({ since });
    this.apply({ since });
  }

  comeBack() {
    if (this.isLockDue) {
      this.lock();
      return;
    }
    keep(localStorage, INPUT, Date.now());
    this.tell(null);
    this.apply(null);
  }

  tell(state) {
    if (state) keep(localStorage, STATE, state);
    else forget(localStorage, STATE);
    channel?.postMessage({ state });
  }

  apply(state) {
    // What is locked, or should be by now, is opened by the password alone.
    if (!state && this.isLockDue) {
      this.lock();
      return;
    }
    this.state = state;
    if (state && !this.root.open) this.cover();
    if (!state && this.isCovered) this.uncover();
    if (this.isLockDue) this.lock();
  }

  cover() {
    const page = document.documentElement;
    this.focused = document.activeElement;
    this.place = [scrollX, scrollY];
    this.title = this.isCovered ? window.uiTitle : document.title;
    page.dataset.blanked = "";
    document.title = this.words.title;
    this.hush();
    // A dialog may be added, or the title changed, while nobody looks.
    this.watch = new MutationObserver(() => this.hush());
    this.watch.observe(document.body, { childList: true });
    this.showTime();
    this.root.showModal(); // over any dialog or menu that is open
    this.root.querySelector("button").focus({ preventScroll: true });
    saveNow();
  }

  hush() {
    const parts = [...document.body.children, ...document.querySelectorAll("dialog[open]")];
    for (const part of parts) {
      if (part === this.root || this.made.includes(part)) continue;
      part.inert = true;
      this.made.push(part);
    }
  }

  uncover() {
    this.watch.disconnect();
    this.made.forEach((part) => (part.inert = false));
    this.made = [];
    delete document.documentElement.dataset.blanked;
    this.root.close();
    document.title = this.title;
    if (this.focused?.isConnected) this.focused.focus({ preventScroll: true });
    scrollTo(...this.place);
  }

  showTime() {
    const format = new Intl.DateTimeFormat(document.documentElement.lang || "en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: this.words.timeZone || undefined,
    });
    this.root.querySelector("[data-time]").textContent = format.format(Date.now());
  }

  async lock() {
    if (this.isLocking) return;
    this.isLocking = true;
    if (!this.state.isLocked) {
      this.state = { ...this.state, isLocked: true };
      this.tell(this.state);
    }
    await Promise.race([saveNow(), new Promise((resolve) => setTimeout(resolve, SAVING))]);
    if (await lockSession(this.words.lockUrl)) {
      const path = location.pathname + location.search;
      keep(sessionStorage, PLACE, { path, y: this.place[1], id: this.focused?.id ?? "" });
      location.replace(`${this.words.unlockUrl}?${new URLSearchParams({ next: path })}`);
    } else {
      this.isLocking = false; // no network: covered it stays, and the next tick tries again
    }
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// A browser that keeps nothing still covers its own page.
function read(store, key) {
  try {
    return parse(store.getItem(key));
  } catch {
    return null;
  }
}

function keep(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // as above
  }
}

function forget(store, key) {
  try {
    store.removeItem(key);
  } catch {
    // as above
  }
}
