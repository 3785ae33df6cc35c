// Copies the policy as TOML, as Rust, or with the request as a link.

import { hasMistakes, policyText } from "./editor.js";
import { link } from "./shared.js";
import { element } from "./text.js";

const status = document.querySelector("#copied");
const rust = document.querySelector("#rust");

let latest = new AbortController();

export function startCopying(origin) {
  const copies = {
    toml: () => [policyText(), "Copied the policy as TOML.", "The text has mistakes and is not in effect."],
    rust: () => [rust.textContent, "Copied the policy as Rust.", "The text has mistakes, so this is the last valid policy."],
    link: () => [link(origin), "Copied a link to this policy and this request.", "The policy has mistakes."],
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(copies[button.dataset.copy]));
  }
}

// Shows the policy in effect. If the server does not answer, the editor says so.
export async function showRust() {
  status.replaceChildren();
  latest.abort();
  latest = new AbortController();
  try {
    const response = await fetch("policy.rs", { signal: latest.signal });
    rust.textContent = await response.text();
  } catch {
    // A later call has taken over, or the server does not answer.
  }
}

async function copy(make) {
  status.replaceChildren();
  let text, message, remark;
  try {
    [text, message, remark] = make();
  } catch (error) {
    status.textContent = error.message;
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = hasMistakes() ? `${message} ${remark}` : message;
  } catch {
    status.append("The browser did not allow copying. Copy it by hand: ", element("pre", "text", text));
  }
}
