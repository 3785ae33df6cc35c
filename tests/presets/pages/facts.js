// Runs in the page: the functions that each client's script calls.

/**
 * Makes a client's `run`. It checks each fact at several base URLs, each fact at its own address, all at the same time. A fact is what a
 * user of the client notices, or the client's error. Facts that depend on time are `timed`: they wait until nothing else runs.
 */
export function facts(named, timed = {}) {
  return async (bases) => {
    const seen = bases.map(() => ({}));
    const see = async (index, [name, fact]) => {
      try {
        seen[index][name] = inOneLine(await fact(`${bases[index]}/${name}`));
      } catch (error) {
        seen[index][name] = inOneLine(error);
      }
    };
    for (const some of [named, timed]) {
      await Promise.all(bases.flatMap((_, index) => Object.entries(some).map((fact) => see(index, fact))));
    }
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
