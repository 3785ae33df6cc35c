import { fetchEventSource } from "@microsoft/fetch-event-source";
import { facts } from "./facts.js";

export const run = facts({
  async stream(base) {
    let text = "";
    await fetchEventSource(`${base}/events`, {
      openWhenHidden: true,
      onmessage({ data }) {
        text += data;
      },
      onclose() {
        // An exception goes to `onerror`, which tries again.
        if (text === "Hel") throw new Error("the stream ended early");
      },
      onerror(error) {
        if (error instanceof TypeError) throw error;
        return 10;
      },
    });
    return text;
  },
});
