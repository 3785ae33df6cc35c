document.querySelector("#origin").textContent = location.origin;
const items = document.querySelector("#items");
try {
  const response = await fetch("/api/items");
  items.textContent = `${response.status} ${await response.text()}`;
} catch (error) {
  items.textContent = `${error}`;
}
