// The removable rows of what was chosen, in a typeahead or a file widget.

/** Puts words in the place of `%s`. */
export function say(sentence, word) {
  return sentence.replace("%s", () => word);
}

export class ChosenRows {
  /**
   * @param {HTMLElement} root - holds [data-rows], template[data-row] and [data-status]
   * @param {(row: HTMLElement, next: HTMLElement | null) => void} onRemove - after a row was removed by hand;
   *   `next` is the button to go to
   */
  constructor(root, onRemove) {
    this.root = root;
    this.list = root.querySelector("[data-rows]");
    this.template = root.querySelector("template[data-row]");
    this.status = root.querySelector("[data-status]");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (button) this.removeByHand(button.closest("li"), onRemove);
    });
  }

  get all() {
    return [...this.list.children];
  }

  refOf(row) {
    return row.querySelector("input[type=hidden]").value;
  }

  find(ref) {
    return this.all.find((row) => this.refOf(row) === ref);
  }

  add({ ref, label, detail }) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.querySelectorAll("input").forEach((input) => (input.value = ref));
    row.querySelector(".ui-chosen__label").textContent = label;
    row.querySelector(".ui-chosen__detail").textContent = detail;
    row.querySelector("[data-remove]").setAttribute("aria-label", say(this.root.dataset.sayRemove, label));
    this.list.append(row);
    this.changed();
    return row;
  }

  remove(row) {
    row.remove();
    this.changed();
  }

  removeByHand(row, onRemove) {
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    const label = row.querySelector(".ui-chosen__label").textContent;
    this.remove(row);
    this.announce(say(this.root.dataset.sayRemoved, label));
    onRemove(row, neighbour?.querySelector("[data-remove]") ?? null);
  }

  announce(sentence) {
    this.status.textContent = sentence;
  }

  changed() {
    this.root.dispatchEvent(new CustomEvent("ui:chosen", { bubbles: true }));
  }
}
