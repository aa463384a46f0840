// A page with pupil data that is printed is on record. Whom it showed the server knows from the request it answered.
import { tellPrinted } from "./server.js";

export function startPrinting() {
  const page = document.querySelector('meta[name="page-id"]');
  if (!page?.dataset.printedUrl) return;
  window.addEventListener("beforeprint", () => {
    // A page without pupil data is not known there, and printing must not wait for a network.
    tellPrinted(page.dataset.printedUrl, page.content).catch(() => {});
  });
}
