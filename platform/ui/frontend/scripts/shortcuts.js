// Single keys for those who answer all day. Never while somebody types; they can be switched off (WCAG 2.1.4).
const OFF = "ui-shortcuts-off";

export function startShortcuts(root) {
  new Shortcuts(root);
}

class Shortcuts {
  constructor(root) {
    this.dialog = root.querySelector("dialog");
    this.switch = root.querySelector("[data-on]");
    this.answer = document.querySelector("[data-answer]");
    this.keys = {
      j: () => step(1),
      k: () => step(-1),
      r: () => this.write("reply"),
      n: () => this.write("note"),
      t: () => document.querySelector('[data-shortcut="t"] button')?.click(),
      "/": () => document.querySelector('[role="search"] input:not([type="hidden"])')?.focus(),
      "?": () => this.open(),
    };
    this.switch.checked = !isOff();
    this.switch.addEventListener("change", () => keep(!this.switch.checked));
    const button = root.querySelector("[data-open]");
    button.hidden = false;
    button.addEventListener("click", () => this.open());
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  open() {
    this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === this.answer) this.send(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!this.switch.checked || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = Object.hasOwn(this.keys, event.key) && this.keys[event.key];
    if (!act) return;
    event.preventDefault(); // or the key lands in the field
    act();
  }

  /** Begins a reply or a note; which of them it is, its button shows. */
  write(kind) {
    const button = this.buttonOf(kind);
    if (!button) return;
    this.kind = kind;
    this.answer.form.querySelectorAll("[name=kind]").forEach((one) => one.toggleAttribute("data-begun", one === button));
    this.answer.focus();
    this.answer.setAttribute("aria-description", `Ctrl+Enter: ${button.textContent.trim()}`);
  }

  send(event) {
    const button = this.kind && this.buttonOf(this.kind);
    if (!button) return;
    event.preventDefault();
    this.answer.form.requestSubmit(button);
  }

  buttonOf(kind) {
    return this.answer?.form.querySelector(`[name=kind][value=${kind}]`);
  }
}

/** Goes to the next ticket of the queue beside this one, or down the list. */
function step(by) {
  const links = [...document.querySelectorAll("[data-tickets] a")];
  if (!links.length) return;
  const open = links.findIndex((link) => link.hasAttribute("aria-current"));
  if (open >= 0) {
    links[open + by]?.click();
    return;
  }
  const at = links.indexOf(document.activeElement);
  const to = at < 0 && by < 0 ? links.length - 1 : at + by;
  links[Math.min(Math.max(to, 0), links.length - 1)].focus();
}

function isTyping(target) {
  return target.isContentEditable || Boolean(target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select"));
}

// A browser that keeps nothing has them on.
function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function keep(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // as above
  }
}
