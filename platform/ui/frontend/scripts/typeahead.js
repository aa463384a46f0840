// Chooses people by typing part of a name: GOV.UK's accessible autocomplete over our own rows.
import accessibleAutocomplete from "accessible-autocomplete";
import { ChosenRows, say } from "./chosen.js";
import { askFor } from "./server.js";

const SHORTEST = 2;
const PAUSE = 150; // ms after the last key before asking

export const typeaheads = new Map(); // by the id of their box

export function startTypeahead(root) {
  const typeahead = new Typeahead(root);
  typeaheads.set(root.dataset.id, typeahead);
}

class Typeahead {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.isMultiple = "multiple" in root.dataset;
    this.note = root.querySelector("[data-note]");
    this.rows = new ChosenRows(root, (_, next) => (this.isMultiple && next ? next : this.openBox()).focus());
    root.addEventListener("ui:chosen", () => this.showState());
    this.drawBox(root.querySelector(".ui-typeahead__box"));
    this.showState();
  }

  drawBox(element) {
    accessibleAutocomplete({
      element,
      id: this.words.id,
      name: "", // nothing typed is posted
      source: (query, show) => this.suggest(query, show),
      minLength: SHORTEST,
      confirmOnBlur: false,
      displayMenu: "overlay",
      placeholder: this.words.placeholder,
      inputClasses: "govuk-input",
      onConfirm: (person) => person && this.choose(person),
      templates: { inputValue: (person) => person?.label ?? "", suggestion },
      tNoResults: () => (this.isAsking ? this.words.sayAsking : this.words.sayNobody),
      tStatusQueryTooShort: () => this.words.sayShort,
      tStatusNoResults: () => (this.isAsking ? this.words.sayAsking : this.words.sayNobody),
      tStatusSelectedOption: (name) => say(this.words.sayHighlighted, name),
      tStatusResults: (count, highlighted) => `${say(this.words.sayFound, count)} ${highlighted}`.trim(),
      tAssistiveHint: () => `${this.describedBy()} ${this.words.sayKeys}`.trim(),
    });
    this.box = element.querySelector("input");
    this.box.spellcheck = false; // browsers may send what they check elsewhere
    if (this.words.invalid !== undefined) this.box.setAttribute("aria-invalid", "true");
    if (this.words.required !== undefined) this.box.setAttribute("aria-required", "true");
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.box.value) event.preventDefault(); // it chooses; it does not submit the form
    });
    this.box.addEventListener("input", () => this.warn(""));
    element.addEventListener("focusout", (event) => {
      if (this.box.value && !element.contains(event.relatedTarget)) this.warn(this.words.sayUnchosen);
    });
  }

  describedBy() {
    const ids = (this.words.describedBy ?? "").split(" ").filter(Boolean);
    return ids.map((id) => document.getElementById(id)?.textContent.trim()).join(" ");
  }

  suggest(query, show) {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.isAsking = true;
    this.timer = setTimeout(async () => {
      const asking = (this.asking = new AbortController());
      try {
        const people = await askFor(this.words.source, query.trim(), asking.signal);
        this.isAsking = false;
        show(people.filter((person) => !this.rows.find(person.ref)));
      } catch {
        if (asking.signal.aborted) return;
        this.isAsking = false;
        show([]);
        this.warn(this.words.sayFailed);
      }
    }, PAUSE);
  }

  choose(person) {
    // The autocomplete writes the name into its box after this returns.
    setTimeout(() => {
      const row = this.add(person);
      this.rows.announce(say(this.words.sayAdded, person.label));
      this.clear();
      if (!this.isMultiple) row.querySelector("[data-remove]").focus();
    });
  }

  add(person) {
    return this.rows.find(person.ref) ?? this.rows.add(person);
  }

  remove(ref) {
    const row = this.rows.find(ref);
    if (row) this.rows.remove(row);
  }

  has(ref) {
    return Boolean(this.rows.find(ref));
  }

  clear() {
    this.box.value = "";
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  openBox() {
    this.showState();
    return this.box;
  }

  showState() {
    this.root.classList.toggle("ui-typeahead--chosen", this.rows.all.length > 0);
  }

  warn(sentence) {
    this.note.textContent = sentence;
  }
}

/** A suggestion as HTML, whatever letters a name holds. */
function suggestion(person) {
  const label = document.createElement("span");
  label.textContent = person.label;
  const detail = document.createElement("span");
  detail.className = "ui-suggestion__detail";
  detail.textContent = person.detail;
  return `${label.outerHTML} ${detail.outerHTML}`;
}
