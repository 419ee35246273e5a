// What pages can do better with scripts. Everything here also works, more slowly, without them.

function menuOnPhones() {
  const button = document.querySelector(".menu-button");
  button?.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    button.setAttribute("aria-expanded", String(open));
  });
}

function switchersCloseElsewhere() {
  for (const details of document.querySelectorAll("details.switcher")) {
    document.addEventListener("click", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      details.open = false;
      details.querySelector("summary").focus();
    });
  }
}

function problemsTakeFocus() {
  document.querySelector(".error-summary[data-focus]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const input = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
    (input ?? field).focus();
    (input ?? field).scrollIntoView({ block: "center" });
  });
}

function linksAreCopied() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = "Copied";
    });
  }
}

// A form with tick boxes named "chosen": the bar above the table counts them, the box in the head ticks all.
function chosenRowsAreCounted() {
  for (const bar of document.querySelectorAll("[data-chosen-bar]")) {
    const form = bar.closest("form");
    const boxes = () => [...form.querySelectorAll("input[type=checkbox][name=chosen]")];
    const all = form.querySelector("[data-choose-all]");
    const count = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      bar.querySelector("[data-chosen-count]").textContent = String(ticked);
      if (all) all.checked = ticked > 0 && ticked === boxes().length;
    };
    form.addEventListener("change", (event) => {
      if (event.target === all) boxes().forEach((box) => (box.checked = all.checked));
      count();
    });
    form.addEventListener("reset", () => setTimeout(count));
    bar.querySelector("[data-clear]").hidden = false;
    if (all) all.closest("[hidden]")?.removeAttribute("hidden");
    count();
  }
}

menuOnPhones();
switchersCloseElsewhere();
problemsTakeFocus();
linksAreCopied();
chosenRowsAreCounted();
