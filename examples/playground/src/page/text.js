// Small helpers that put text into elements. All of it goes in as text, never as HTML.

export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// A sentence; text between backticks becomes code.
export function sentence(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? element("code", "", part) : part));
}

// Names as code, with commas between them.
export function names(list) {
  return list.flatMap((name, index) => [index > 0 ? ", " : "", element("code", "", name)]);
}

export function clone(template) {
  return document.querySelector(template).content.firstElementChild.cloneNode(true);
}

export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
