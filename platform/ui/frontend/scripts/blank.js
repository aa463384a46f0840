// Comes before anything is painted: a page that loads while the screen is blank comes up covered.
// Everything else is in cover.js.
const script = document.currentScript;

function isBlank() {
  try {
    return Boolean(JSON.parse(localStorage.getItem("ui-blank")));
  } catch {
    return false;
  }
}

if (isBlank()) {
  document.documentElement.dataset.blanked = "";
  window.uiTitle = document.title;
  document.title = script.dataset.title;
  // Until cover.js takes over, whatever is parsed is inert from its first moment.
  const watch = new MutationObserver(() => {
    for (const part of document.body?.children ?? []) part.inert = part.dataset.module !== "ui-cover";
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => watch.disconnect());
}
