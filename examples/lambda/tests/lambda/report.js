// Uses the page as a person does, and tells the test what it shows.

const form = document.querySelector("form");
const output = document.querySelector("#output");

function use(method) {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (output.textContent === "...") return;
      observer.disconnect();
      resolve([method, output.className, output.textContent]);
    });
    form.method.value = method;
    observer.observe(output, { childList: true, attributes: true });
    form.requestSubmit();
  });
}

const report = [];
for (const method of ["GET", "PUT", "DELETE"]) report.push(await use(method));
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
