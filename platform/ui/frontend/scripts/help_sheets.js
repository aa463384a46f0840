// Offers pages of Support that fit a ticket's subject, while it is typed.
import { askFor } from "./server.js";

const PAUSE = 500; // ms after the last key
const SHORTEST = 4; // letters

export function startHelpSheets(root) {
  const subject = document.getElementById(root.dataset.for);
  if (!subject) return;
  const parts = {
    title: root.querySelector("[data-title]"),
    lines: root.querySelector("[data-lines]"),
    status: root.querySelector("[data-status]"),
  };
  let timer, asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const typed = subject.value.trim();
    try {
      show(root, parts, typed.length < SHORTEST ? [] : await askFor(root.dataset.source, typed, asking.signal));
    } catch {
      // A hint that cannot be had is no error to who is writing; the check page offers it again.
    }
  };
  subject.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (subject.value) ask();
}

function show(root, { title, lines, status }, pages) {
  const before = lines.textContent;
  lines.replaceChildren(...pages.map(line));
  title.hidden = !pages.length;
  if (lines.textContent !== before) status.textContent = pages.length ? title.textContent : "";
  if (pages.length) remember(root.closest("form"));
}

function line({ title, url }) {
  const row = document.createElement("li");
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = url;
  link.target = "_blank"; // what is typed stays
  link.rel = "noopener";
  link.textContent = title;
  row.append(link);
  return row;
}

/** Tells the server that they were offered, so that it does not hold the ticket up to do so. */
function remember(form) {
  if (form.elements.offered) return;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "offered";
  field.value = "1";
  form.append(field);
}
