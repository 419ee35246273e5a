// Adds up a provider's record, one line for each child and kind of help, to the rows of a question. The file is read
// here and never sent: the totals go into the form as if somebody had typed them.

const HEADINGS = {
  child: "child",
  option: "kind of help",
  start: "start",
  end: "end",
  measure: "measure",
  days: "days or nights",
  money: "money",
  sessions: "sessions",
  hours: "hours a session",
  staff: "given by",
};
const NEEDED = { D: ["days"], M: ["money"], S: ["sessions", "hours"] };
const COLUMNS = ["option", "measure", "children", "days", "money", "sessions", "hours", "staff"];
const SHOWN = 8; // problems at once
const MOST_ROWS = 100;

for (const place of document.querySelectorAll("[data-record]")) {
  place.hidden = false;
  const input = place.querySelector("input");
  input.addEventListener("click", () => (input.value = "")); // so that a corrected file of the same name is read again
  input.addEventListener("change", () => take(place, input.files[0]));
}

async function take(place, file) {
  if (!file) return;
  const wanted = { start: place.dataset.from, end: place.dataset.to, ...namesOn(place) };
  const found = addedUp(await file.text(), wanted);
  if (found.problems.length) tell(place, "Nothing is added up yet. Correct this in the file and choose it again:", found.problems);
  else offer(place, found);
}

// The answers that the page offers in the first row, by code and by words, both in small letters.
function namesOn(place) {
  const named = (column) => {
    const names = new Map();
    for (const control of document.getElementsByName(`${place.dataset.record}|r1|${column}`)) {
      const choices = control.options ? [...control.options] : [...(control.labels ?? [])];
      for (const choice of choices) {
        const key = control.options ? choice.value : control.value;
        if (key) names.set(key.toLowerCase(), key).set(choice.textContent.trim().toLowerCase(), key);
      }
    }
    return names;
  };
  return { options: named("option"), staff: named("staff") };
}

// {rows, problems, leftOut: sentences}
function addedUp(text, wanted) {
  const [heads = [], ...lines] = linesOf(text);
  const plain = heads.map((head) => head.split("(")[0].trim().toLowerCase());
  const missing = Object.values(HEADINGS).filter((head) => !plain.includes(head));
  if (missing.length) return { problems: [`These columns are missing: ${missing.join(", ")}.`] };
  const at = Object.fromEntries(Object.entries(HEADINGS).map(([name, head]) => [name, plain.indexOf(head)]));
  const sums = new Map();
  const problems = [];
  const others = new Set();
  let outside = 0;
  lines.forEach((cells, number) => {
    const line = Object.fromEntries(Object.entries(at).map(([name, column]) => [name, (cells[column] ?? "").trim()]));
    if (!Object.values(line).some(Boolean)) return;
    const option = wanted.options.get(line.option.toLowerCase());
    if (line.option && !option) return others.add(line.option);
    const read = { ...line, option, measure: line.measure.toUpperCase(), start: dayOf(line.start), end: dayOf(line.end) };
    if (read.start && read.end && (read.end < wanted.start || read.start > wanted.end)) return (outside += 1);
    const wrong = problemOf(read, wanted);
    if (wrong) problems.push(`Line ${number + 2}: ${wrong}`);
    else addTo(sums, read, wanted.staff.get(line.staff.toLowerCase()) ?? "");
  });
  if (!problems.length && !sums.size) problems.push("No line is about a kind of help of this service in the year.");
  if (sums.size > MOST_ROWS) problems.push(`These are ${sums.size} rows; ${MOST_ROWS} at most can be kept.`);
  const leftOut = [];
  if (others.size) leftOut.push(`Left out, as this service does not give it: ${[...others].slice(0, SHOWN).join("; ")}.`);
  if (outside) leftOut.push(`Left out, as they lie outside the year: ${outside} ${outside === 1 ? "line" : "lines"}.`);
  return { rows: [...sums.values()].map(rowOf), problems, leftOut };
}

// The lines of a CSV file as lists of cells; commas, semicolons or tabs part them, whichever the first line has most.
function linesOf(text) {
  const signs = [...text.replace(/^\ufeff/, "")];
  const first = text.split(/\r?\n/, 1)[0];
  const [separator] = [",", ";", "\t"].sort((one, other) => first.split(other).length - first.split(one).length);
  const lines = [[""]];
  let quoted = false;
  signs.forEach((sign, place) => {
    const line = lines.at(-1);
    if (sign === '"') {
      quoted = !quoted;
      if (quoted && signs[place - 1] === '"') line[line.length - 1] += '"'; // two stand for one
    } else if (quoted || ![separator, "\r", "\n"].includes(sign)) line[line.length - 1] += sign;
    else if (sign === separator) line.push("");
    else if (sign === "\n") lines.push([""]);
  });
  return lines;
}

// 2009-01-31 of 31/1/2009 or 2009-01-31; "" for anything else.
function dayOf(text) {
  const [, day, month, year] = text.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/) ?? [];
  const iso = day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : NaN;
  return !Number.isNaN(Number(date)) && date.toISOString().startsWith(iso) ? iso : "";
}

const numberOf = (text) => (text === "" ? NaN : Number(text.replace(/[£,\s]/g, "")));

function problemOf(line, wanted) {
  if (!line.child) return "give the child a number of your own.";
  if (!line.option) return "say which kind of help it was.";
  if (!line.start || !line.end) return "give the first and the last day, such as 30/11/2009.";
  if (line.end < line.start) return "the last day is before the first.";
  if (line.start < wanted.start || line.end > wanted.end) return "it reaches beyond the financial year. Make two lines of it.";
  if (!NEEDED[line.measure]) return "the measure is D, M or S.";
  const blank = NEEDED[line.measure].find((column) => !(numberOf(line[column]) >= 0));
  if (blank) return `give ${HEADINGS[blank]} as a number: the measure is ${line.measure}.`;
  if (line.staff && !wanted.staff.has(line.staff.toLowerCase())) return `“${line.staff}” is not one of the staff groups.`;
  return "";
}

function addTo(sums, line, staff) {
  const key = [line.option, line.measure, staff].join("|");
  if (!sums.has(key)) {
    sums.set(key, { option: line.option, measure: line.measure, staff, ids: new Set(), days: 0, money: 0, sessions: 0, time: 0 });
  }
  const sum = sums.get(key);
  sum.ids.add(line.child.toLowerCase());
  for (const column of ["days", "money", "sessions"]) sum[column] += numberOf(line[column]) || 0;
  sum.time += (numberOf(line.sessions) || 0) * (numberOf(line.hours) || 0);
}

// A sum as the texts of a row's cells: only what its measure asks for is filled in.
function rowOf(sum) {
  const figures = {
    days: Math.round(sum.days),
    money: Math.round(sum.money),
    sessions: Math.round(sum.sessions),
    hours: sum.sessions ? (sum.time / sum.sessions).toFixed(2) : "0.00",
  };
  const kept = Object.fromEntries(NEEDED[sum.measure].map((column) => [column, String(figures[column])]));
  return { option: sum.option, measure: sum.measure, children: String(sum.ids.size), staff: sum.staff, ...kept };
}

function offer(place, { rows, leftOut }) {
  const words = `The record makes ${rows.length} ${rows.length === 1 ? "row" : "rows"}. They take the place of what stands above.`;
  const status = tell(place, words, leftOut);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary button-small";
  button.textContent = rows.length === 1 ? "Put it in" : `Put the ${rows.length} rows in`;
  button.addEventListener("click", () => {
    bring(place, rows);
    tell(place, rows.length === 1 ? "The row is filled in above." : `The ${rows.length} rows are filled in above.`, leftOut);
  });
  status.append(button);
}

function tell(place, words, list) {
  const status = place.querySelector("[role=status]");
  const said = document.createElement("p");
  said.textContent = words;
  status.replaceChildren(said);
  if (!list.length) return status;
  const items = document.createElement("ul");
  const more = list.length > SHOWN ? [`and ${list.length - SHOWN} more`] : [];
  for (const text of [...list.slice(0, SHOWN), ...more]) items.append(Object.assign(document.createElement("li"), { textContent: text }));
  status.append(items);
  return status;
}

function bring(place, rows) {
  const key = place.dataset.record;
  const named = [...place.closest(".question").querySelectorAll("[name]")].map(({ name }) => name.match(/\|r(\d+)\|/)?.[1]);
  const present = Math.max(0, ...named.map((number) => Number(number ?? 0)));
  const cells = new Map();
  for (let number = 1; number <= Math.max(present, rows.length); number += 1) {
    for (const column of COLUMNS) cells.set(`${key}|r${number}|${column}`, rows[number - 1]?.[column] ?? "");
  }
  place.closest("form").dispatchEvent(new CustomEvent("bring", { detail: cells }));
}
