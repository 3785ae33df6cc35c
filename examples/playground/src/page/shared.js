// What a link carries: shown, and used by a click alone. A link from a stranger must not change what the API allows, and must
// send nothing.

import { fields, fill, isRequest } from "./own.js";
import { policyText, replacePolicy } from "./editor.js";
import { MAX_LENGTH, fromFragment, toFragment } from "./link.js";

const panel = document.querySelector("#shared");
const note = document.querySelector("#shared-note");
const policy = document.querySelector("#shared-policy");
const use = document.querySelector("#use-shared");

// Also where a link is pasted into the address bar of a page that is open.
export function startSharing() {
  use.addEventListener("click", () => {
    replacePolicy(policy.textContent);
    close();
  });
  document.querySelector("#dismiss-shared").addEventListener("click", close);
  addEventListener("hashchange", open);
  open();
}

// The link to what is on the page now, or an error.
export function link(origin) {
  const fragment = toFragment({ policy: policyText(), request: fields() });
  if (fragment.length > MAX_LENGTH) {
    throw new Error(`The policy and the request are too long for a link: ${fragment.length} characters. At most ${MAX_LENGTH} fit.`);
  }
  return `${origin}/${fragment}`;
}

function open() {
  let shared;
  try {
    shared = fromFragment(location.hash, isRequest);
    if (!shared) return;
    fill(shared.request);
    show("Anyone can make a link, so read this policy first. It is not in effect. The link’s request is in the form below and has not been sent.");
  } catch (error) {
    show(error.message);
  }
  policy.textContent = shared?.policy ?? "";
  use.hidden = policy.hidden = !shared;
}

function show(message) {
  panel.hidden = false;
  note.textContent = message;
}

// Without the fragment, so that a reload does not open it again.
function close() {
  panel.hidden = true;
  history.replaceState(null, "", location.pathname);
  document.querySelector("#policy").focus();
}
