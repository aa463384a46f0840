// A form is sent once, after its files; a wait is shown.
const NOTICEABLE = 300; // ms

export function startSubmitting() {
  document.querySelectorAll('form[method="post"]').forEach((form) => {
    form.addEventListener("submit", (event) => submitted(event, form));
  });
  // Coming back with the browser's button: the form can be sent again.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
}

function submitted(event, form) {
  if ("sending" in form.dataset) {
    event.preventDefault();
    return;
  }
  const widgets = [...form.querySelectorAll('[data-module="ui-files"]')].map((root) => root.uiFiles);
  const underWay = widgets.flatMap((widget) => widget.underWay);
  if (underWay.length) {
    event.preventDefault();
    hold(form, event.submitter);
    Promise.all(underWay).then(() => sendAgain(form, event.submitter));
  } else if (failedIn(widgets) && !event.submitter?.formNoValidate) {
    // Whoever hides names in the middle of the form is not held up by a file that failed.
    event.preventDefault();
    failedIn(widgets).querySelector("[data-remove]").focus();
  } else {
    hold(form, event.submitter, NOTICEABLE);
  }
}

function sendAgain(form, submitter) {
  release(form);
  form.requestSubmit(submitter);
}

function failedIn(widgets) {
  return widgets.map((widget) => widget.failed).find(Boolean);
}

function hold(form, button, delay = 0) {
  form.dataset.sending = "";
  form.uiTimer = setTimeout(() => {
    form.setAttribute("aria-busy", "true");
    if (!button) return;
    button.classList.add("ui-button--busy");
    if (button.dataset.busy && delay === 0) {
      button.dataset.words = button.textContent;
      button.textContent = button.dataset.busy;
    }
  }, delay);
}

function release(form) {
  clearTimeout(form.uiTimer);
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  form.querySelectorAll(".ui-button--busy").forEach((button) => {
    button.classList.remove("ui-button--busy");
    if (button.dataset.words) button.textContent = button.dataset.words;
    delete button.dataset.words;
  });
}
