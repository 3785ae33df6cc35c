// The policy to take along: as TOML, as Rust, or with the request as a link.

import { policyText } from "./editor.js";
import { link } from "./shared.js";
import { element } from "./text.js";

const status = document.querySelector("#copied");
const rust = document.querySelector("#rust");

const INSTEAD = " The text has mistakes, and this is the policy before.";

export function startCopying(origin) {
  const copies = {
    toml: () => [policyText(), "Copied the policy as TOML."],
    rust: () => [rust.textContent, "Copied the policy as Rust."],
    link: () => [link(origin), "Copied a link to this policy and this request."],
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(copies[button.dataset.copy]));
  }
}

// Of the policy that is in effect.
export async function showRust() {
  rust.textContent = await (await fetch("policy.rs")).text();
}

async function copy(make) {
  status.replaceChildren();
  let text, message;
  try {
    [text, message] = make();
  } catch (error) {
    status.textContent = error.message;
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = message;
  } catch {
    status.append("The browser did not let the page copy. Copy it by hand: ", element("code", "", text));
  }
}
