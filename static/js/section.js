// A section saves itself: what was changed is sent after a moment, one request at a time. What could not be sent stays
// on the page and is tried again. The answer brings blocks of questions that look different now: messages, totals,
// questions that are asked or not, what others have saved.

const form = document.querySelector("form[data-saves]");
const SOON = 350;
const WHILE_WRITING = 2500;
const LOOK_AGAIN = 30000;
const CONTROLS = "input, select, textarea";
const VISIBLE_CONTROLS = "input:not([type=hidden]), select, textarea, button, a[href]";

if (form) keepSaved();

function keepSaved() {
  const dirty = new Map(); // name of a field -> the version that the page showed when it was changed
  const brought = new Map(); // name of a field -> what a file says, which counts instead of what the field holds
  let notTaken = new Map(); // fields whose text cannot be kept: sent again each time, so that their message stays
  let version = Number(form.dataset.version);
  let timer = null;
  let sending = false;
  let failures = 0;
  let lastSaved = null;
  let button = null; // a button that asks for something on this page

  const cellOf = (name) => name.replace(/^(special|mine|choose):/, "").replace(/^why:/, "reason:");

  function changed(control, wait) {
    if (!control.name || control.type === "hidden") return;
    const name = cellOf(control.name);
    if (name.startsWith("add-row:")) return;
    brought.delete(name);
    if (!dirty.has(name)) dirty.set(name, version);
    later(wait);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function payload(names) {
    const all = new FormData(form);
    const data = new FormData();
    const waiting = [...all.keys()].filter((name) => name.startsWith("mine:"));
    for (const [name, value] of all) {
      const always = name === "csrfmiddlewaretoken" || name === "row" || waiting.includes(name);
      if (always || (names.has(cellOf(name)) && !brought.has(cellOf(name)))) data.append(name, value);
    }
    for (const [name, value] of brought) data.append(name, value);
    data.append("touched", "1");
    data.append("version", String(version));
    for (const [name, since] of names) if (since !== version) data.append("since", `${name}=${since}`);
    data.append("have", JSON.stringify(digests()));
    if (button) {
      data.append(button.name, button.value);
      if (button.name === "add") data.append(`add-row:${button.value}`, all.get(`add-row:${button.value}`) ?? "");
    }
    return data;
  }

  function digests() {
    return Object.fromEntries([...document.querySelectorAll("#questions > .question")].map((q) => [q.id, q.dataset.digest]));
  }

  async function send() {
    clearTimeout(timer);
    if (sending || (!dirty.size && !button)) return;
    sending = true;
    const names = new Map([...notTaken, ...dirty]);
    const data = payload(names);
    const asked = button;
    dirty.clear();
    button = null;
    try {
      const response = await fetch(location.href, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: names.size < 40,
      });
      if (response.status === 409) return refused(names, (await response.json()).refused);
      if (!response.ok) throw new Error(response.type === "opaqueredirect" ? "signed out" : String(response.status));
      const answer = await response.json();
      notTaken = new Map(answer.not_taken.map((name) => [name, names.get(name) ?? version]));
      for (const name of names.keys()) if (!notTaken.has(name) && !dirty.has(name)) brought.delete(name);
      show(answer, asked);
      failures = 0;
      lastSaved = new Date();
    } catch (error) {
      putBack(names);
      button ??= asked;
      failures += 1;
      lost(error.message === "signed out" || error.message === "403");
      later(Math.min(2000 * 2 ** (failures - 1), 30000));
      return;
    } finally {
      sending = false;
    }
    if (dirty.size || button) later(SOON);
  }

  // What was not taken counts as changed still, from the version it was changed at.
  function putBack(names) {
    for (const [name, since] of names) dirty.set(name, Math.min(since, dirty.get(name) ?? since));
  }

  function refused(names, reason) {
    putBack(names);
    say(`Not saved. ${reason}`);
  }

  function lost(signedOut) {
    const at = lastSaved ?? new Date(performance.timeOrigin);
    const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const next = signedOut
      ? "You are signed out. Sign in again in another window; what you typed is kept here."
      : "The connection is lost. What you typed is kept here and saved when it is back.";
    say(`Not saved since ${time}`, next);
  }

  function say(words, next = "") {
    for (const id of ["saved", "saved-below"]) {
      const place = document.getElementById(id);
      const state = document.createElement("span");
      state.className = "state state-orange strong";
      state.textContent = words;
      place.replaceChildren(state);
      if (id === "saved-below" && next) place.append(` ${next}`);
    }
  }

  function show(answer, asked) {
    version = Math.max(version, answer.version);
    form.elements.version.value = String(version);
    const questions = document.getElementById("questions");
    const focused = document.activeElement;
    const number = [...questions.children].indexOf(focused.closest(".question"));
    let place = null;
    for (const id of answer.order) {
      let old = document.getElementById(id);
      const fresh = answer.blocks[id];
      if (!old) {
        old = document.createElement("div");
        old.id = id;
        old.className = `question is-new${fresh.half ? " question-half" : ""}`;
        old.innerHTML = fresh.html;
        old.dataset.digest = fresh.digest;
      } else if (fresh) {
        const wrapper = document.createElement("div");
        wrapper.innerHTML = fresh.html;
        patchChildren(old, wrapper);
        old.dataset.digest = fresh.digest;
      }
      const wanted = place ? place.nextElementSibling : questions.firstElementChild;
      if (wanted !== old) questions.insertBefore(old, wanted);
      place = old;
    }
    for (const question of [...questions.children]) if (!answer.order.includes(question.id)) question.remove();
    replace("section-top", answer.top);
    replace("section-list", answer.list);
    replace("saved", answer.saved);
    replace("saved-below", answer.saved);
    replace("left", answer.left);
    if (asked?.name === "add") focusAdded(asked.value);
    else if (!focused.isConnected) focusNear(number);
  }

  // A button that has done its work is gone; whoever pressed it goes on from there.
  function focusNear(number) {
    const questions = document.getElementById("questions").children;
    questions[Math.min(Math.max(number, 0), questions.length - 1)]?.querySelector(VISIBLE_CONTROLS)?.focus();
  }

  function replace(id, html) {
    const place = document.getElementById(id);
    if (place.innerHTML === html) return;
    const wrapper = document.createElement("div");
    wrapper.innerHTML = html;
    patchChildren(place, wrapper);
  }

  function focusAdded(key) {
    const rows = [...document.querySelectorAll(`input[name=row][value^="${CSS.escape(key).replace(/\\/g, "")}|"]`)];
    rows.at(-1)?.closest("tr, fieldset")?.querySelector("input:not([type=hidden]), select")?.focus();
  }

  // Bring one piece of the page in line with another, leaving fields alone that somebody is writing in.
  function patch(old, fresh) {
    if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.hasAttribute("data-keep")) return; // a script fills it
    const busy = old.matches?.(CONTROLS) && (old === document.activeElement || dirty.has(cellOf(old.name)));
    for (const { name } of [...old.attributes ?? []]) {
      if (!fresh.hasAttribute(name) && name !== "open" && !(busy && name === "value")) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes ?? []) {
      if (old.getAttribute(name) !== value && !(busy && ["value", "checked"].includes(name))) old.setAttribute(name, value);
    }
    if (old.matches?.(CONTROLS)) {
      if (!busy) takeValue(old, fresh);
      if (old.nodeName !== "SELECT" || busy) return;
    }
    patchChildren(old, fresh);
  }

  function takeValue(old, fresh) {
    if (old.type === "radio" || old.type === "checkbox") old.checked = fresh.hasAttribute("checked");
    else if (old.nodeName === "SELECT") requestAnimationFrame(() => (old.value = fresh.value));
    else if (old.value !== fresh.value) old.value = fresh.value;
  }

  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE && (node.id || (node.name && `${node.name}=${node.type}`))) || "";

  function patchChildren(old, fresh) {
    const keyed = new Map();
    for (const child of old.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
    let next = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const key = keyOf(wanted);
      let match = key ? keyed.get(key) : next;
      if (match && (match.nodeName !== wanted.nodeName || keyOf(match) !== key || match.parentNode !== old)) match = null;
      if (!match) {
        old.insertBefore(wanted, next);
        continue;
      }
      if (match === next) next = next.nextSibling;
      else old.insertBefore(match, next);
      patch(match, wanted);
    }
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  }

  // Totals add up while one types; the answer of the server has the last word.
  function addUp(input) {
    const table = input.closest("table");
    const total = table?.querySelector(`[data-total="${input.dataset.figure}"]`);
    if (!total) return;
    const figures = [...table.querySelectorAll(`[data-figure="${input.dataset.figure}"]`)]
      .map((field) => Number(field.value.replace(/[£,\s%]/g, "")))
      .filter((figure) => Number.isFinite(figure));
    const decimals = Number(total.dataset.decimals);
    const sum = figures.reduce((one, other) => one + other, 0);
    const inWords = (figure) => figure.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    total.textContent = inWords(sum);
    // The parts of a breakdown are its last column; the sign beside the words follows with the answer of the server.
    const status = table.closest(".question").querySelector(".adds-up");
    if (status && total === [...table.querySelectorAll("[data-total]")].at(-1)) sayWhatIsLeft(status, sum, inWords);
  }

  function sayWhatIsLeft(status, sum, inWords) {
    const whole = Number(status.dataset.whole);
    const left = Number((whole - sum).toFixed(2));
    const what = left > 0 ? "still to place" : "too many";
    status.classList.toggle("is-typing", true);
    status.querySelector(".state > span").textContent =
      left === 0 ? status.dataset.exact : `${inWords(Math.abs(left))} ${what}: ${inWords(sum)} of ${inWords(whole)}`;
  }

  form.addEventListener("change", (event) => changed(event.target, SOON));
  form.addEventListener("input", (event) => {
    if (event.target.dataset.figure) addUp(event.target);
    if (event.target.name && event.target.type !== "hidden" && !event.target.name.startsWith("add-row:")) {
      const name = cellOf(event.target.name);
      if (!dirty.has(name)) dirty.set(name, version);
      if (event.target.nodeName === "TEXTAREA") later(WHILE_WRITING);
    }
  });

  form.addEventListener("bring", (event) => {
    for (const [name, value] of event.detail) {
      brought.set(name, value);
      dirty.set(name, version);
    }
    later(0);
  });

  // A value typed again as it was is no change to the browser, but somebody wrote it.
  form.addEventListener("focusout", (event) => event.target.name && dirty.has(cellOf(event.target.name)) && later(SOON));

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.name === "go" && pressed.value !== "here") {
      leaving = true;
      return;
    }
    event.preventDefault();
    if (!pressed || pressed.name === "go") return send();
    if (pressed.name === "zero") markTable(pressed);
    if (pressed.name.startsWith("choose:")) dirty.delete(cellOf(pressed.name));
    button = pressed;
    send();
  });

  function markTable(pressed) {
    for (const field of pressed.closest(".question").querySelectorAll("table input[name]")) changed(field, SOON);
  }

  let leaving = false;
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (dirty.size || notTaken.size || sending)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  window.addEventListener("online", () => later(0));

  // What others save shows up by itself while the page is looked at.
  setInterval(async () => {
    if (document.visibilityState !== "visible" || sending || dirty.size || notTaken.size || failures) return;
    sending = true;
    try {
      const address = new URL(location.href);
      address.searchParams.set("have", JSON.stringify(digests()));
      const response = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (response.ok) show(await response.json());
    } catch {
      // no matter: nothing was to be saved
    } finally {
      sending = false;
    }
    if (dirty.size || button) later(SOON);
  }, LOOK_AGAIN);
}
