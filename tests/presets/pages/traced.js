/** What a page asks for, knowing nothing of traces. */
export const body = async (base) => (await fetch(`${base}/trace`)).text();
