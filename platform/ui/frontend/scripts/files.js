// Files are sent as soon as they are chosen; the form then posts their references.
import { ChosenRows, say } from "./chosen.js";
import { sendFile } from "./server.js";

const AT_ONCE = 2;

export function startFiles(root) {
  new FileDrop(root);
}

class FileDrop {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.input = root.querySelector(".ui-files__input");
    this.zone = root.querySelector(".ui-files__zone");
    this.sendings = new Map(); // row -> {file, stop, finished}
    this.waiting = [];
    this.busy = 0;
    this.rows = new ChosenRows(root, (row, next) => {
      this.sendings.get(row)?.stop.abort();
      this.sendings.delete(row);
      (next ?? this.input).focus();
    });
    root.classList.add("ui-files--ready");
    this.listen();
    root.uiFiles = this; // for submitting.js
  }

  listen() {
    // The input lies over the whole zone, so a file dropped on the zone is dropped on the input.
    this.input.addEventListener("change", () => {
      [...this.input.files].forEach((file) => this.take(file));
      this.input.value = ""; // or the form would send them again
    });
    for (const [event, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
      this.input.addEventListener(event, () => this.zone.classList.toggle("ui-files__zone--over", isOver));
    }
  }

  take(file) {
    const row = this.rows.add({ ref: "", label: file.name, detail: sizeOf(file.size) });
    this.start(row, file);
  }

  start(row, file) {
    const stop = new AbortController();
    row.querySelector("input[type=hidden]").disabled = true;
    row.classList.remove("ui-chosen--failed");
    row.querySelector(".ui-chosen__error")?.remove();
    const progress = row.appendChild(document.createElement("progress"));
    progress.className = "ui-chosen__progress";
    progress.setAttribute("aria-label", file.name);
    const finished = new Promise((resolve) => {
      this.waiting.push(async () => {
        if (!stop.signal.aborted) await this.send(row, file, progress, stop.signal);
        resolve();
      });
    });
    this.sendings.set(row, { stop, finished });
    this.next();
  }

  next() {
    while (this.busy < AT_ONCE && this.waiting.length) {
      this.busy += 1;
      this.waiting.shift()().finally(() => {
        this.busy -= 1;
        this.next();
      });
    }
  }

  async send(row, file, progress, signal) {
    let answer;
    try {
      answer = await sendFile(this.words.uploadUrl, file, (part) => (progress.value = part), signal);
    } catch {
      return; // taken out by hand
    }
    progress.remove();
    this.sendings.delete(row);
    if (answer.status === 201 && answer.body?.ref) this.succeed(row, answer.body);
    else this.fail(row, file, answer);
  }

  succeed(row, { ref, name, size }) {
    const field = row.querySelector("input[type=hidden]");
    field.value = ref;
    field.disabled = false;
    row.querySelector(".ui-chosen__label").textContent = name;
    row.querySelector(".ui-chosen__detail").textContent = sizeOf(size);
    this.rows.announce(say(this.words.saySent, name));
    this.rows.changed();
  }

  fail(row, file, { status, body }) {
    const refused = status >= 400 && status < 500 && body?.error;
    const sentence = refused ? body.error : this.words.sayFailed;
    row.classList.add("ui-chosen--failed");
    const error = row.appendChild(document.createElement("p"));
    error.className = "ui-chosen__error";
    error.setAttribute("role", "alert"); // said by itself: the status line may be overtaken by the next file
    const whose = document.createElement("span");
    whose.className = "govuk-visually-hidden";
    whose.textContent = `${file.name}: `;
    error.append(whose, `${sentence} `);
    if (!refused) error.append(this.retryButton(row, file));
  }

  retryButton(row, file) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ui-chosen__retry";
    button.textContent = this.words.sayRetry;
    button.addEventListener("click", () => {
      row.querySelector("[data-remove]").focus();
      this.start(row, file);
    });
    return button;
  }

  /** Promises for every file still on its way. */
  get underWay() {
    return [...this.sendings.values()].map(({ finished }) => finished);
  }

  get failed() {
    return this.root.querySelector(".ui-chosen--failed");
  }
}

function sizeOf(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
