// The preview of an import: what is ticked and chosen is kept at once, and the closing bar counts it.

const form = document.querySelector("[data-import]");
let queue = Promise.resolve();

async function keep() {
  const body = new FormData(form);
  body.set("count", "1");
  const response = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  if (response.ok && !response.redirected) document.getElementById("closing").innerHTML = await response.text();
}

form?.addEventListener("change", (event) => {
  if (event.target.name?.startsWith("column-")) return;
  const row = event.target.closest("tr");
  const tick = row?.querySelector("input[type=checkbox]");
  if (tick && event.target.matches("select")) tick.checked = event.target.value !== "";
  queue = queue.then(keep, keep);
});
