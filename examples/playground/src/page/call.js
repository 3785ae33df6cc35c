// A request as you would write it in a script.

// On one line if it is short.
export function call({ path, init, times, from }, origins) {
  const options = Object.entries(init).map(([name, value]) => `${name}: ${literal(value)}`);
  const open = `fetch("${origins.api}${path}"`;
  const short = options.length > 0 ? `${open}, { ${options.join(", ")} })` : `${open})`;
  const text = short.length <= 80 ? short : `${open}, {\n  ${options.join(",\n  ")},\n})`;
  const remarks = { stranger: `// on ${origins.stranger}\n`, sandbox: "// on a page whose origin is null\n" };
  return `${remarks[from] ?? ""}${text}${times > 1 ? ` // ${times} times` : ""}`;
}

function literal(value) {
  if (typeof value === "string") return /^[^'\\\n]*"[^'\\\n]*$/.test(value) ? `'${value}'` : JSON.stringify(value);
  const entries = Object.entries(value).map(([name, text]) => `"${name}": ${literal(text)}`);
  return `{ ${entries.join(", ")} }`;
}
