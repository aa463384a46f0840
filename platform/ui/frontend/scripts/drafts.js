// Saves a form on the server while somebody types, so that nothing older than three seconds is ever lost.
import { say } from "./chosen.js";
import { saveDraft } from "./server.js";

const PAUSE = 1_000; // ms after the last key ...
const AT_MOST = 2_000; // ... and after the first that is not saved yet
const RETRIES = [1_000, 2_000, 4_000, 8_000, 15_000];
const NOT_TYPED = ["csrfmiddlewaretoken", "author_pass"];

const forms = [];

export function startDrafts(form) {
  forms.push(new SavedForm(form));
}

/** Saves whatever is not saved yet; settles when the server has answered. */
export function saveNow() {
  return Promise.all(forms.map((form) => form.saveNow()));
}

class SavedForm {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.line = document.querySelector("[data-draft-line]");
    this.said = document.querySelector("[data-draft-said]");
    this.begin(this.words.after);
    this.isChanged = false;
    this.failures = 0;
    if (this.words.after) this.showAddress();
    this.listen();
  }

  /** Begins to count the saves of a page, which stands after the save that it was shown with. */
  begin(after) {
    this.page = newRef();
    this.number = this.answered = 0;
    this.after = after;
  }

  listen() {
    for (const event of ["input", "change", "ui:chosen"]) this.form.addEventListener(event, () => this.changed());
    this.form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      this.saveNow(); // in case the form does not arrive
      this.isSent = true;
    });
    window.addEventListener("pageshow", () => (this.isSent = false));
    window.addEventListener("pagehide", () => this.saveNow());
    window.addEventListener("online", () => this.saveNow());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveNow());
  }

  changed() {
    if (this.isSent || this.isRefused) return;
    this.isChanged = true;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), PAUSE);
    this.atMost ??= setTimeout(() => this.save(), AT_MOST);
  }

  saveNow() {
    return this.isChanged && !this.isSent && !this.isRefused ? this.save() : Promise.resolve(this.underWay);
  }

  save() {
    for (const timer of ["pause", "atMost", "retry"]) {
      clearTimeout(this[timer]);
      this[timer] = undefined;
    }
    this.isChanged = false;
    this.underWay = this.send();
    return this.underWay;
  }

  async send() {
    const { page } = this;
    const number = (this.number += 1);
    const facts = { page, number, after: this.after, ...this.contents() };
    const answer = await saveDraft(this.words.saveUrl, facts);
    // A later save has been answered, or the form goes on as another one.
    if (page !== this.page || number < this.answered || this.isSent) return;
    this.answered = number;
    this.take(answer);
  }

  contents() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !NOT_TYPED.includes(name)) (fields[name] ??= []).push(value);
    }
    const hidden = (name) => this.form.elements[name].value;
    return {
      form: this.words.form,
      about: this.words.about,
      submission: hidden("submission"),
      author_pass: hidden("author_pass"),
      fields,
    };
  }

  take({ status, body }) {
    if (status === 200) this.succeed(body);
    else if (status === 409 || status === 410) this.goApart(status);
    else if (status >= 400 && status < 500) this.refuse(body);
    else this.tryLater(body);
  }

  succeed({ at, is_logged_in: isLoggedIn }) {
    this.failures = 0;
    this.showAddress();
    if (isLoggedIn) this.show(say(this.words.saySaved, at), "saved");
    else this.show(this.words.sayOut, "out", this.logInLink());
  }

  /** Another page has the form, or it was submitted: what is typed here becomes a draft of its own. */
  goApart(status) {
    this.form.elements.submission.value = newRef();
    this.begin("");
    this.isApart = status === 409;
    this.save();
  }

  refuse(body) {
    this.isRefused = true;
    this.show(body?.error || this.words.sayRefused, "refused");
  }

  tryLater(body) {
    this.isChanged = true;
    const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.retry ??= setTimeout(() => this.save(), wait);
    this.show(body?.error || (body === null ? this.words.sayUnsaved : this.words.sayTrouble), "unsaved");
  }

  /** Says how it stands; aloud only when that has changed. */
  show(words, state, link) {
    const sentence = this.isApart ? `${words} · ${this.words.sayApart}` : words;
    this.line.textContent = sentence;
    if (link) this.line.append(" ", link);
    this.line.dataset.state = state;
    if (state !== this.state) this.said.textContent = sentence;
    this.state = state;
  }

  logInLink() {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.textContent = this.words.sayLogIn;
    link.href = `${this.words.logInUrl}?${new URLSearchParams({ next: this.address })}`;
    return link;
  }

  get address() {
    return `${this.words.address}?${new URLSearchParams({ draft: this.form.elements.submission.value })}`;
  }

  /** The page's address names its draft, so that a page that is opened again has it. */
  showAddress() {
    history.replaceState(history.state, "", this.address);
  }
}

// crypto.randomUUID came later than the browsers that we support.
function newRef() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
