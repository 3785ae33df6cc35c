// A policy and a request in the fragment of a URL, which browsers never send to a server. Anyone can write a link, so all of
// it is checked and shown only as text.

const START = "#share=";

// Some programs cut longer links. A longer one is refused before it is decoded.
export const MAX_LENGTH = 8000;

export function toFragment(shared) {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return START + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Characters that hide text or reorder it: what is shown must be what is used.
const DECEPTIVE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

// What a link carries; `undefined` for any other fragment. Throws if the link cannot be used.
export function fromFragment(fragment, isRequest) {
  if (!fragment.startsWith(START)) return undefined;
  if (fragment.length > MAX_LENGTH) {
    throw new Error(`This link is too long: ${fragment.length} characters. The limit is ${MAX_LENGTH}.`);
  }
  const shared = decode(fragment.slice(START.length));
  const isShared = hasOnly(shared, ["policy", "request"]) && typeof shared.policy === "string" && isRequest(shared.request);
  if (!isShared) throw new Error("This link is damaged, or comes from another version of the playground. Copy the whole link again.");
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
