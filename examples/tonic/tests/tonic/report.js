// Uses the page as a person does, and tells the test what it shows: each line, and how many milliseconds after the click.

const form = document.querySelector("form");
const output = document.querySelector("#output");
const stop = document.querySelector("#stop");

function use(client, call, city, stopAfter = Infinity) {
  return new Promise((resolve) => {
    const lines = [];
    const start = performance.now();
    const observer = new MutationObserver(() => {
      for (const line of [...output.children].slice(lines.length)) {
        lines.push([line.textContent, Math.round(performance.now() - start)]);
      }
      if (lines.length >= stopAfter) stop.click();
      const last = lines.at(-1)?.[0] ?? "";
      if (last === "done" || last.startsWith("error")) {
        observer.disconnect();
        resolve({ client, call, city, stopAfter, lines });
      }
    });
    form.client.value = client;
    form.city.value = city;
    output.replaceChildren();
    observer.observe(output, { childList: true });
    form.requestSubmit(form.querySelector(`[value=${call}]`));
  });
}

const report = [];
for (const client of ["grpc-web", "connect"]) {
  for (const call of ["now", "watch"]) {
    for (const city of ["Oslo", "Atlantis"]) report.push(await use(client, call, city));
  }
  report.push(await use(client, "watch", "Oslo", 2));
}
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
