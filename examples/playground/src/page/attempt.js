// Makes one request and reports what the script sees of it. The page and the frames share this.

export async function attempt(url, init, { signal, onText } = {}) {
  try {
    const response = await fetch(url, { ...init, signal });
    const headers = [...response.headers.keys()];
    return { allowed: true, status: response.status, headers, body: await read(response, onText) };
  } catch (error) {
    // All that a script learns about a refusal. Only the console has the reason.
    return { allowed: false, error: String(error) };
  }
}

async function read(response, onText) {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return response.text();
  }
  let answer = "";
  for await (const data of events(response.body)) {
    if (data === "[DONE]") break;
    answer += JSON.parse(data).delta;
    onText?.(answer);
  }
  return answer;
}

// The data of each server-sent event. A chunk may end anywhere, even within a character.
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      if (part.startsWith("data: ")) yield part.slice("data: ".length);
    }
  }
}
