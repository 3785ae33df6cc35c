import { connect, grpc } from "./clients.js";

const api = new URLSearchParams(location.search).get("api") ?? "http://127.0.0.1:3000";
const clients = { "grpc-web": grpc(api), connect: connect(api) };
const form = document.querySelector("form");
const output = document.querySelector("#output");
const stop = document.querySelector("#stop");

const WATCHED = 5;

function print(text, isError = false) {
  const line = document.createElement("li");
  line.textContent = text;
  line.classList.toggle("error", isError);
  output.append(line);
}

const printReading = ({ city, celsius, number }) => print(`${city}: ${celsius} °C, reading ${number}`);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { client, city } = Object.fromEntries(new FormData(form));
  const calls = new AbortController();
  stop.onclick = () => calls.abort(new DOMException("stopped", "AbortError"));
  stop.disabled = false;
  output.replaceChildren();
  try {
    if (event.submitter.value === "watch") {
      await clients[client].watch(city, WATCHED, calls.signal, printReading);
    } else {
      printReading(await clients[client].now(city, calls.signal));
    }
    print("done");
  } catch ({ code, message }) {
    print(`error ${code}: ${message}`, true);
  }
  stop.disabled = true;
});
