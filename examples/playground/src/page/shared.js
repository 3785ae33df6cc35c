// Shows what a link carries. Only a click uses it: a stranger's link must not change what the server on this machine allows,
// or make the browser send a request.

import { policyText, replacePolicy } from "./editor.js";
import { MAX_LENGTH, fromFragment, toFragment } from "./link.js";
import { fields, fill, isRequest } from "./own.js";

const panel = document.querySelector("#shared");
const note = document.querySelector("#shared-note");
const policy = document.querySelector("#shared-policy");
const use = document.querySelector("#use-shared");

// Also opens a link that is pasted into the address bar of this page.
export function startSharing() {
  use.addEventListener("click", () => {
    replacePolicy(policy.textContent);
    close();
  });
  document.querySelector("#dismiss-shared").addEventListener("click", close);
  addEventListener("hashchange", open);
  open();
}

// A link to the current policy and request. Throws if it would be too long.
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

// Without the fragment, so a reload does not open it again.
function close() {
  panel.hidden = true;
  history.replaceState(null, "", location.pathname);
  document.querySelector("#policy").focus();
}
