// Pointing at one map: with a mouse, a finger, or a cross-hair that the arrow keys move.
const REACH = 22; // CSS pixels round a marker's middle
const MOVED = 6; // less than this is a press, not a drag
const STEP = 0.0125;
const LARGE_STEP = 0.0625;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pointing {
  constructor(sheet, maps, width) {
    this.sheet = sheet;
    this.maps = maps;
    this.width = width;
    this.stage = sheet.section.querySelector("[data-stage]");
    this.picture = this.stage.querySelector("svg");
    this.cross = this.stage.querySelector("[data-cross]");
    this.cursor = [0.5, 0.5];
    this.held = null; // what a finger or the mouse has hold of
    this.carried = null; // the marker that the arrow keys move
    this.makeReachable();
    this.stage.addEventListener("pointerdown", (event) => this.down(event));
    this.stage.addEventListener("pointermove", (event) => this.drag(event));
    this.stage.addEventListener("pointerup", (event) => this.up(event));
    this.stage.addEventListener("pointercancel", () => this.letGo());
    // A finger on a marker moves it; anywhere else it scrolls the page.
    this.stage.addEventListener("touchstart", (event) => this.touched(event), { passive: false });
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("focus", () => this.showCross());
    this.stage.addEventListener("blur", () => this.blurred());
  }

  makeReachable() {
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", `${this.sheet.label}. ${this.maps.root.dataset.sayKeys}`);
  }

  // Mouse and finger

  at({ clientX, clientY }) {
    const box = this.picture.getBoundingClientRect();
    return [within((clientX - box.left) / box.width), within((clientY - box.top) / box.height)];
  }

  /** The marker under a point: the nearest one within reach. */
  rowAt(point) {
    const box = this.picture.getBoundingClientRect();
    const near = [...this.sheet.rows.children].map((row) => {
      const [x, y] = this.maps.at(row);
      return { row, far: Math.hypot(box.left + x * box.width - point.clientX, box.top + y * box.height - point.clientY) };
    });
    near.sort((a, b) => a.far - b.far);
    return near.length && near[0].far <= REACH ? near[0].row : null;
  }

  touched(event) {
    if (event.touches.length === 1 && this.rowAt(event.touches[0])) event.preventDefault();
  }

  down(event) {
    if (!event.isPrimary || event.button !== 0) return;
    const row = this.rowAt(event);
    this.held = { row, from: [event.clientX, event.clientY], hasMoved: false };
    if (!row) return;
    const [x, y] = this.maps.at(row);
    const [px, py] = this.at(event);
    this.held.offset = [x - px, y - py];
    this.stage.setPointerCapture(event.pointerId);
  }

  drag(event) {
    const { held } = this;
    if (!held) return;
    const [x, y] = held.from;
    if (!held.hasMoved && Math.hypot(event.clientX - x, event.clientY - y) < MOVED) return;
    if (held.row && !held.hasMoved) this.maps.remember();
    held.hasMoved = true;
    if (!held.row) return;
    const [px, py] = this.at(event);
    this.maps.put(this.sheet, held.row, within(px + held.offset[0]), within(py + held.offset[1]));
  }

  up(event) {
    const { held } = this;
    this.held = null;
    if (!held) return;
    if (held.row && held.hasMoved) this.moved(held.row, "sayMoved");
    else if (held.row) held.row.querySelector("[data-note]").focus({ preventScroll: true });
    else if (!held.hasMoved) {
      this.cursor = this.at(event);
      this.maps.place(this.sheet, ...this.cursor);
    }
    this.showCross();
  }

  letGo() {
    this.held = null;
  }

  // Keys

  key(event) {
    if (event.key in ARROWS) this.step(ARROWS[event.key], event.shiftKey ? LARGE_STEP : STEP);
    else if (event.key === "Enter" || event.key === " ") this.press();
    else if (event.key === "Escape" && this.carried) this.putBack();
    else return;
    event.preventDefault();
  }

  step([right, down], by) {
    const proportion = this.width / this.sheet.height;
    this.cursor = [within(this.cursor[0] + right * by), within(this.cursor[1] + down * by * proportion)];
    if (this.carried) this.maps.put(this.sheet, this.carried.row, ...this.cursor);
    this.showCross(true);
    this.maps.status.textContent = this.maps.where(this.sheet, ...this.cursor);
  }

  press() {
    if (this.carried) this.putDown();
    else {
      const row = this.maps.place(this.sheet, ...this.cursor);
      row?.querySelector("[data-note]").focus();
    }
  }

  /** Begins to move a marker by the arrow keys. */
  carry(row) {
    this.maps.remember();
    this.carried = { row, from: this.maps.at(row) };
    this.cursor = this.maps.at(row);
    this.stage.focus();
    this.maps.say("sayMoving", "", this.numberOf(row));
    this.showCross(true);
  }

  putDown() {
    const { row } = this.carried;
    this.carried = null;
    this.moved(row, "sayKept");
    row.querySelector("[data-move]").focus();
  }

  putBack() {
    const { row, from } = this.carried;
    this.maps.put(this.sheet, row, ...from);
    this.cursor = from;
    this.putDown();
  }

  blurred() {
    this.carried = null;
    this.cross.classList.remove("ui-cross--shown");
  }

  moved(row, sentence) {
    this.maps.say(sentence, this.maps.where(this.sheet, ...this.maps.at(row)), this.numberOf(row));
  }

  numberOf(row) {
    return [...this.sheet.rows.children].indexOf(row) + 1;
  }

  showCross(byKey = false) {
    const [x, y] = this.cursor;
    this.cross.setAttribute("transform", `translate(${(x * this.width).toFixed(1)} ${(y * this.sheet.height).toFixed(1)})`);
    this.cross.classList.toggle("ui-cross--shown", byKey || this.stage.matches(":focus-visible"));
  }
}

function within(value) {
  return Math.min(Math.max(value, 0), 1);
}
