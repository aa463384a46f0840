// Before the language is switched, what was typed is saved: the page comes back with it from the server.
import { saveNow } from "./drafts.js";

const LONGEST_WAIT = 3000; // ms

export function startLanguages() {
  document.querySelectorAll("form[data-languages]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.saved !== undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      await Promise.race([saveNow().catch(() => {}), new Promise((done) => setTimeout(done, LONGEST_WAIT))]);
      // A draft that was saved has given the page its own address.
      if (/[?&]draft=/.test(location.search)) form.elements.next.value = location.pathname + location.search;
      form.dataset.saved = "";
      setTimeout(() => form.requestSubmit(submitter)); // a form that is still being submitted ignores it
    });
  });
  // Coming back with the browser's button: what was typed since is saved again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-languages]").forEach((form) => delete form.dataset.saved);
  });
}
