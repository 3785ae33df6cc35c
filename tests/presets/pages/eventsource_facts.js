/** The stream ends in the middle, and goes on for whoever names the last event. */
export const eventSource = (EventSource) => (base) => {
  const source = new EventSource(`${base}/events`);
  let text = "";
  return new Promise((resolve) => {
    source.onmessage = ({ data }) => {
      text += data;
      if (data === "lo") resolve(text);
    };
    let errors = 0;
    source.onerror = () => {
      errors += 1;
      // The first error is the end of the stream.
      if (errors > 1) resolve(`${text}, and then an error`);
    };
  }).finally(() => source.close());
};
