// Says beneath a text which students it names who are not linked, and offers to link them.
import { say } from "./chosen.js";
import { askNamed } from "./server.js";
import { typeaheads } from "./typeahead.js";

const PAUSE = 700; // ms after the last key: a sentence is not interrupted
const LONGEST = 20000; // characters that the server looks at

export function startNameCheck(root) {
  const text = document.getElementById(root.dataset.for);
  if (text) new NameCheck(root, text);
}

class NameCheck {
  constructor(root, text) {
    this.words = root.dataset;
    this.text = text;
    this.lines = root.querySelector("[data-lines]");
    this.status = root.querySelector("[data-status]");
    this.student = typeaheads.get(this.words.student);
    this.linked = typeaheads.get(this.words.linked);
    this.left = new Set(); // ‘Leave it’
    text.addEventListener("input", () => this.soon());
    for (const typeahead of this.typeaheads) {
      typeahead.root.addEventListener("ui:chosen", () => this.soon(0));
    }
    if (text.value.trim()) this.soon(); // a draft that came back
  }

  get typeaheads() {
    return [this.student, this.linked].filter(Boolean);
  }

  get chosen() {
    const rows = this.typeaheads.flatMap(({ rows }) => rows.all.map((row) => rows.refOf(row)));
    return [...this.words.chosen.split(" ").filter(Boolean), ...rows, ...this.left];
  }

  soon(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    this.asking?.abort();
    const text = this.text.value.slice(0, LONGEST);
    if (!text.trim()) return this.show({ students: [], misspelt: [], shared: [] });
    const asking = (this.asking = new AbortController());
    try {
      this.show(await askNamed(this.words.source, text, this.chosen, asking.signal));
    } catch {
      // A hint that cannot be had is no error to who is writing; the next word asks again.
    }
  }

  show({ students, misspelt, shared }) {
    this.people = students.length;
    const wanted = [
      ...students.map((person) => ({ key: person.ref, person, sentence: this.words.sayNamed })),
      ...misspelt.map((person) => ({ key: person.ref, person, sentence: this.words.sayMisspelt })),
      ...shared.map((name) => ({ key: `word ${name.word}`, name })),
    ];
    const keys = new Set(wanted.map(({ key }) => key));
    for (const line of [...this.lines.children]) {
      if (!keys.has(line.dataset.key)) this.take(line);
    }
    // A line that stands stays where it is: nobody's button moves away from under the finger.
    const standing = new Set([...this.lines.children].map((line) => line.dataset.key));
    const fresh = wanted.filter(({ key }) => !standing.has(key)).map((one) => this.draw(one));
    this.lines.append(...fresh);
    if (fresh.length) this.status.textContent = fresh.map((line) => line.firstChild.textContent).join(" ");
  }

  draw({ key, person, name, sentence }) {
    const line = document.createElement("li");
    line.className = "ui-name-check__line";
    line.dataset.key = key;
    const words = document.createElement("span");
    words.textContent = person
      ? say(sentence, [person.label, ...person.detail.split(" · ")].filter(Boolean).join(", "))
      : say(this.words.sayShared, name.word).replace("%n", () => name.count);
    line.append(words);
    if (person) line.append(this.buttons(line, person));
    return line;
  }

  buttons(line, person) {
    const row = document.createElement("span");
    row.className = "ui-name-check__buttons";
    if (this.linked) row.append(this.button(this.words.sayLink, person, () => this.link(line, person)));
    row.append(this.button(this.words.sayLeave, person, () => this.leave(line, person)));
    return row;
  }

  button(words, person, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ui-name-check__button";
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${person.label}`);
    button.addEventListener("click", press);
    return button;
  }

  link(line, person) {
    const isFirst = this.student && !this.student.rows.all.length && this.people === 1 && !this.isWholeSchool();
    (isFirst ? this.student : this.linked).add(person);
    this.finish(line, say(this.words.sayLinked, person.label));
  }

  leave(line, person) {
    this.left.add(person.ref);
    this.finish(line, say(this.words.sayLeft, person.label));
  }

  isWholeSchool() {
    return Boolean(this.text.form?.elements.is_whole_school?.checked);
  }

  finish(line, sentence) {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    (next?.querySelector("button") ?? this.text).focus();
    this.status.textContent = sentence;
  }

  take(line) {
    if (line.contains(document.activeElement)) this.text.focus();
    line.remove();
  }
}
