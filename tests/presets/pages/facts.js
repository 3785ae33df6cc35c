// Runs in the page: what each client's script calls.

/**
 * Makes a client's run: each fact on its own, at an address of its own, all at the same time. A fact is what a user of the client would
 * notice; where the client throws, its error.
 */
export function facts(named) {
  return async (base) => {
    const seen = {};
    const see = async ([name, fact]) => {
      seen[name] = await fact(`${base}/${name}`).then(String, said);
    };
    await Promise.all(Object.entries(named).map(see));
    return seen;
  };
}

/** What an error says, in one line. Browsers have words of their own for a fetch that was blocked. */
export function said(error) {
  const blocked = /^(TypeError: )?(Failed to fetch|NetworkError when attempting to fetch resource\.|network error)$/;
  const text = String(error).split("\n")[0];
  return blocked.test(text) ? "blocked" : text;
}

/** How long something took, in words that do not depend on the machine. */
export async function waited(promise, { enough, tooLong }) {
  const start = performance.now();
  await promise;
  const took = performance.now() - start;
  return took >= enough && took < tooLong ? "as told" : took < enough ? "too short" : "too long";
}
