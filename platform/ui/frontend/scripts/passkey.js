// Asks the browser for a passkey or security key, and hands its answer in with the form
// (WebAuthn Level 2, 5.1; the answer's shape is that of PublicKeyCredential.toJSON in Level 3).

export function startPasskey(root) {
  const form = root.closest("form");
  const said = root.querySelector(".ui-passkey__said");
  const say = (words) => (said.textContent = words);
  root.querySelector(".ui-passkey__without").hidden = true;
  if (!window.PublicKeyCredential) {
    say(root.dataset.sayNone);
    return;
  }
  root.querySelector(".ui-passkey__button").hidden = false;
  const answer = root.querySelector("input[type=hidden]");
  // Before the form's own listeners: they hold it back from being sent twice.
  form.addEventListener(
    "submit",
    async (event) => {
      if (answer.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say("");
      try {
        answer.value = JSON.stringify(await ask(root));
      } catch (error) {
        say(error.name === "InvalidStateError" ? root.dataset.sayKnown : root.dataset.sayStopped);
        return;
      }
      form.requestSubmit();
    },
    true,
  );
  // Coming back with the browser's button: an answer is good for one question.
  window.addEventListener("pageshow", () => (answer.value = ""));
}

async function ask(root) {
  const { publicKey } = JSON.parse(root.dataset.options);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    publicKey[list]?.forEach((one) => (one.id = bytes(one.id)));
  }
  const isNew = "new" in root.dataset;
  const made = await navigator.credentials[isNew ? "create" : "get"]({ publicKey });
  return isNew ? created(made) : shown(made);
}

function created(credential) {
  const { clientDataJSON, attestationObject } = credential.response;
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      attestationObject: text(attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

function shown(credential) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

function named(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

// Base64 as the web's JSON has it: RFC 4648, 5, without padding.
function bytes(encoded) {
  return Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
