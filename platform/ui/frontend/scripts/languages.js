// Before the language is switched, what was typed is saved: the page comes back empty otherwise.
const LONGEST_WAIT = 3000; // ms

/** Whoever can save says so by adding a promise: `document.addEventListener("ui:leaving", (event) => event.detail.push(saveNow()))`. */
export function startLanguages() {
  document.querySelectorAll("form[data-languages]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.saved !== undefined) return;
      const saving = [];
      document.dispatchEvent(new CustomEvent("ui:leaving", { detail: saving }));
      if (!saving.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      await Promise.race([Promise.allSettled(saving), new Promise((done) => setTimeout(done, LONGEST_WAIT))]);
      form.dataset.saved = "";
      setTimeout(() => form.requestSubmit(submitter)); // a form that is still being submitted ignores it
    });
  });
}
