// Who uses the page. The cookie is the gateway's, and no script can read it.

import { GatewayError, signIn, signOut, who } from "./gateway.js";

const form = document.querySelector("#sign-in");
const token = document.querySelector("#token");
const error = document.querySelector("#sign-in-error");
const out = document.querySelector("#sign-out");

/** Calls back when the user is signed in, now or later; `ended` when the session ends. */
export function session({ begun, ended }) {
  const begin = () => {
    form.hidden = true;
    out.hidden = false;
    token.value = "";
    begun();
  };
  const end = (reason = "") => {
    form.hidden = false;
    out.hidden = true;
    error.textContent = reason;
    ended();
    token.focus();
  };
  const enter = async (secret) => {
    try {
      await signIn(secret);
      await who();
      begin();
    } catch (problem) {
      if (!(problem instanceof GatewayError)) throw problem;
      end(inWords(problem));
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(token.value.trim());
  });
  out.addEventListener("click", async () => {
    await signOut().catch(() => {});
    end();
  });

  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    // It must not stay in the address, where it could be copied and stored.
    history.replaceState(null, "", location.pathname);
    enter(given);
  } else {
    who().then(begin, (problem) => end(problem.status === 401 ? "" : problem.message));
  }
  return { end };
}

function inWords({ status, message }) {
  return status === 401 ? "The gateway does not know this token, or the browser blocks its cookie." : message;
}
