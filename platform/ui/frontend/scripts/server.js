// Talks to the server. What a person typed goes in the body, never in an address.

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** Asks for suggestions; answers [{ref, label, detail}]. */
export async function askFor(url, query, signal) {
  return (await ask(url, { query }, signal)).results;
}

/** Asks which students a text names, apart from the chosen; answers {students, misspelt, shared}. */
export function askNamed(url, text, chosen, signal) {
  return ask(url, { text, chosen }, signal);
}

async function ask(url, body, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
    redirect: "error", // a redirect leads to the log-in page
    signal,
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

/** Asks what changed while a page is open; tells {ticket, typing} of whoever looks. */
export async function askLive(url, facts) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: new URLSearchParams(facts),
    redirect: "error", // a redirect leads to the log-in page
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

/** Tells that the page was printed; goes out even if the page is left at once. */
export function tellPrinted(url, page) {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ page }),
    keepalive: true,
    redirect: "error", // a redirect leads to the log-in page
  });
}

const PATIENCE = 8_000; // ms
/** Browsers let no more than 64 KB go out after a page is left. */
const MOST_ON_LEAVING = 60_000;

/** Saves a draft. Answers {status, body}; status 0 means that the network failed. */
export async function saveDraft(url, facts) {
  const body = JSON.stringify(facts);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body,
      keepalive: body.length < MOST_ON_LEAVING,
      redirect: "error",
      signal: stop.signal,
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Locks the session; says whether it is locked now, or over. */
export async function lockSession(url) {
  try {
    const response = await fetch(url, { method: "POST", keepalive: true, redirect: "manual" });
    return response.ok || response.type === "opaqueredirect"; // a redirect says that it was no longer open
  } catch {
    return false;
  }
}

/**
 * Sends one file, telling `onProgress` the part sent so far (0 to 1).
 *
 * Answers {status, body}; status 0 means that the network failed. `signal` stops it.
 */
export function sendFile(url, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much has gone
    request.open("PUT", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${percentEncoded(file.name)}`);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => resolve({ status: request.status, body: request.response }));
    signal.addEventListener("abort", () => {
      request.abort();
      reject(signal.reason);
    });
    request.send(file);
  });
}

// RFC 8187 allows fewer letters than encodeURIComponent leaves alone.
function percentEncoded(name) {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
