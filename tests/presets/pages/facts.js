// Runs in the page: what each client's script calls.

/**
 * Makes a client's run: each fact on its own, at an address of its own, all at the same time. A fact is what a user of the client would
 * notice; where the client throws, its error.
 */
export function facts(named) {
  return async (base) => {
    const seen = {};
    const see = async ([name, fact]) => {
      try {
        seen[name] = inOneLine(await fact(`${base}/${name}`));
      } catch (error) {
        seen[name] = inOneLine(error);
      }
    };
    await Promise.all(Object.entries(named).map(see));
    return seen;
  };
}

/** Browsers have words of their own for a fetch that was blocked, and Sentry adds the host. */
function inOneLine(value) {
  const blocked = /(TypeError: )?(Failed to fetch|NetworkError when attempting to fetch resource\.)( \(localhost:\d+\))?/;
  return String(value).split("\n")[0].replace(blocked, "blocked");
}

/** How long something took, in words that do not depend on the machine. */
export async function waited(promise, { enough, tooLong }) {
  const start = performance.now();
  await promise;
  const took = performance.now() - start;
  return took >= enough && took < tooLong ? "as told" : took < enough ? "too short" : "too long";
}
