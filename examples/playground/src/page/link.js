// A policy and a request in the fragment of a URL, which browsers send to no server. Whoever wrote a link is a stranger: what
// comes out of it is text, and nothing is done with it here.

const START = "#share=";

// Longer ones are cut by some of the programs that links are sent with. Nothing of a longer one is decoded.
export const MAX_LENGTH = 8000;

export function toFragment(shared) {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return START + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// What hides a part of a text or shows it in another order.
const DECEPTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

// `undefined` if the fragment is none of these. An error if it is one and cannot be read.
export function fromFragment(fragment, isRequest) {
  if (!fragment.startsWith(START)) return undefined;
  if (fragment.length > MAX_LENGTH) {
    throw new Error(`This link is too long: ${fragment.length} characters. The playground reads ${MAX_LENGTH}.`);
  }
  const shared = decode(fragment.slice(START.length));
  const isShared = hasOnly(shared, ["policy", "request"]) && typeof shared.policy === "string" && isRequest(shared.request);
  if (!isShared) throw new Error("This link is damaged, or another version of the playground made it. Copy the whole link again.");
  if ([shared.policy, ...Object.values(shared.request)].some((text) => DECEPTIVE.test(text))) {
    throw new Error("This link has characters that hide or reorder text, so it is not shown.");
  }
  return shared;
}

export function hasOnly(object, names) {
  return typeof object === "object" && object !== null && Object.keys(object).sort().join() === [...names].sort().join();
}

function decode(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
