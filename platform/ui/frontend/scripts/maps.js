// Numbered markers on maps: placed by a press, a touch or the keyboard; moved, removed, undone. The markers' fields are
// plain form fields, so that a draft, or a form with an error, brings them back.
import { Pointing } from "./map_pointing.js";

const WIDTH = 400;
const MOST = 50;

export function startMaps(root) {
  new Maps(root);
}

class Maps {
  constructor(root) {
    this.root = root;
    this.maps = root.querySelector("[data-maps]");
    this.status = root.querySelector("[data-status]");
    this.undoButton = root.querySelector("[data-undo]");
    this.past = [];
    this.sheets = new Map();
    [...this.maps.children].forEach((section) => this.adopt(section));
    root.addEventListener("click", (event) => this.pressed(event));
    root.addEventListener("keydown", (event) => {
      // Enter in a note must not send the form.
      if (event.key === "Enter" && event.target.matches("[data-note]")) event.preventDefault();
    });
  }

  say(sentence, words = "", number = "") {
    this.status.textContent = this.root.dataset[sentence].replace("%n", number).replace("%s", () => words);
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const section = button.closest("[data-map]");
    const sheet = section && this.sheets.get(section.dataset.map);
    const row = button.closest("[data-row]");
    if (button.type === "submit") event.preventDefault();
    if ("open" in button.dataset) this.open(button.dataset.open);
    else if ("undo" in button.dataset) this.undo();
    else if ("close" in button.dataset) this.close(sheet);
    else if ("remove" in button.dataset) this.remove(sheet, row);
    else if ("move" in button.dataset) sheet.pointing.carry(row);
    else if ("byName" in button.dataset) this.placeByName(sheet);
  }

  // Maps

  adopt(section) {
    const sheet = {
      code: section.dataset.map,
      label: section.dataset.label,
      height: Number(section.dataset.height),
      places: JSON.parse(section.dataset.places),
      section,
      rows: section.querySelector("[data-rows]"),
      marks: section.querySelector("[data-marks]"),
    };
    sheet.pointing = new Pointing(sheet, this, WIDTH);
    this.sheets.set(sheet.code, sheet);
    return sheet;
  }

  open(code) {
    this.remember();
    const sheet = this.show(code);
    this.say("sayOpened", sheet.label);
    sheet.pointing.stage.focus({ preventScroll: true });
    sheet.section.scrollIntoView({ block: "nearest" });
  }

  show(code) {
    const blank = this.root.querySelector(`template[data-sheet="${code}"]`).content.firstElementChild;
    const section = document.importNode(blank, true);
    this.maps.append(section);
    this.offer(code).hidden = true;
    return this.adopt(section);
  }

  close(sheet) {
    this.remember();
    this.hide(sheet);
    this.say("sayClosed", sheet.label);
    this.undoButton.focus();
  }

  hide(sheet) {
    sheet.section.remove();
    this.sheets.delete(sheet.code);
    const offer = this.offer(sheet.code);
    if (offer) offer.hidden = false;
  }

  offer(code) {
    return this.root.querySelector(`[data-open="${code}"]`);
  }

  // Markers

  place(sheet, x, y) {
    if (sheet.rows.children.length >= MOST) {
      this.say("sayFull");
      return;
    }
    this.remember();
    const row = this.addRow(sheet, x, y, "");
    this.say("sayPlaced", this.where(sheet, x, y), sheet.rows.children.length);
    return row;
  }

  placeByName(sheet) {
    const chosen = sheet.section.querySelector("[data-place]").value;
    const place = sheet.places.find(([code]) => code === chosen);
    if (!place) return;
    const points = place[2];
    const middle = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    const row = this.place(sheet, middle(0) / WIDTH, middle(1) / sheet.height);
    row?.querySelector("[data-note]").focus();
  }

  addRow(sheet, x, y, note) {
    const row = document.importNode(this.root.querySelector("template[data-row]").content.firstElementChild, true);
    const mark = this.root.querySelector("template[data-mark-template]").content.querySelector("[data-mark]");
    row.querySelector("[data-note]").value = note;
    sheet.rows.append(row);
    sheet.marks.append(document.importNode(mark, true));
    this.put(sheet, row, x, y);
    this.number(sheet);
    return row;
  }

  /** Moves a marker on the map and in its fields. */
  put(sheet, row, x, y) {
    row.querySelector("[data-at]").value = `${sheet.code}|${x.toFixed(4)}|${y.toFixed(4)}`;
    row.querySelector("[data-where]").textContent = this.where(sheet, x, y);
    const mark = sheet.marks.children[[...sheet.rows.children].indexOf(row)];
    mark.setAttribute("transform", `translate(${(x * WIDTH).toFixed(1)} ${(y * sheet.height).toFixed(1)})`);
  }

  at(row) {
    const [, x, y] = row.querySelector("[data-at]").value.split("|");
    return [Number(x), Number(y)];
  }

  remove(sheet, row) {
    this.remember();
    const index = [...sheet.rows.children].indexOf(row);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    sheet.marks.children[index].remove();
    this.number(sheet);
    this.say("sayRemoved", "", index + 1);
    (next?.querySelector("[data-remove]") ?? sheet.pointing.stage).focus({ preventScroll: true });
  }

  number(sheet) {
    [...sheet.rows.children].forEach((row, index) => {
      row.querySelectorAll("[data-number]").forEach((one) => (one.textContent = index + 1));
      sheet.marks.children[index].querySelector("text").textContent = index + 1;
    });
  }

  /** The first of the map's places that holds a point, else its last one. */
  where(sheet, x, y) {
    const place = sheet.places.find(([, , points]) => holds(points, x * WIDTH, y * sheet.height));
    return (place ?? sheet.places.at(-1))[1];
  }

  // Undo

  remember() {
    const held = [...this.sheets.values()].map(({ code, rows }) => ({
      code,
      markers: [...rows.children].map((row) => [...this.at(row), row.querySelector("[data-note]").value]),
    }));
    this.past.push(held);
    this.undoButton.hidden = false;
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    const typed = this.notes();
    [...this.sheets.values()].forEach((sheet) => this.hide(sheet));
    for (const { code, markers } of before) {
      const sheet = this.show(code);
      // What was typed since stays with the marker at the same place.
      for (const [x, y, note] of markers) this.addRow(sheet, x, y, typed.get(`${code}|${x}|${y}`) || note);
    }
    this.undoButton.hidden = this.past.length === 0;
    this.say("sayUndone");
    if (this.undoButton.hidden) (this.root.querySelector("[data-stage], [data-open]:not([hidden])") ?? this.root).focus();
  }

  notes() {
    const found = new Map();
    for (const { code, rows } of this.sheets.values()) {
      for (const row of rows.children) found.set([code, ...this.at(row)].join("|"), row.querySelector("[data-note]").value);
    }
    return found;
  }
}

function holds(points, x, y) {
  let inside = false;
  points.forEach(([ax, ay], index) => {
    const [bx, by] = points[(index + 1) % points.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
