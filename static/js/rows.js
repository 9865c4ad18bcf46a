// Rows of a repeating table, added, removed, brought back and pasted in place. Without this the same buttons go to
// the server. What is pasted from a sheet (Excel, WPS) fills the cells from the one that has the cursor on.
// A row's names hold its number (f_items-3-name); a blank row waits in a <template> with "__n__" for it.

export function growTables(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row]");
    if (!button) return;
    const table = button.closest("[data-rows]");
    const done = button.dataset.row === "add" ? addRow(table) : dropRow(table, button.closest("tr"));
    if (!done) return;
    event.preventDefault();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-rows] td");
    const lines = sheetOf(event.clipboardData?.getData("text/plain") ?? "");
    if (!cell || (lines.length < 2 && lines[0]?.length < 2)) return;
    event.preventDefault();
    fill(cell, lines);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The lines and cells of what a sheet puts on the clipboard: a cell with a line break or a tab comes in quotes.
function sheetOf(text) {
  const lines = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const line = lines[lines.length - 1];
    const [char, isLast] = [text[at], line.length - 1];
    if (quoted && char === '"' && text[at + 1] === '"') line[isLast] += text[(at += 1)];
    else if (char === '"' && (quoted || !line[isLast])) quoted = !quoted;
    else if (!quoted && char === "\t") line.push("");
    else if (!quoted && char === "\n") lines.push([""]);
    else if (char !== "\r") line[isLast] += char;
  }
  while (lines.length && lines[lines.length - 1].every((one) => !one.trim())) lines.pop();
  return lines;
}

function fill(cell, lines) {
  const table = cell.closest("[data-rows]");
  const body = cell.closest("tbody");
  const [top, left] = [[...body.rows].indexOf(cell.parentElement), cell.cellIndex];
  let left_out = 0;
  lines.forEach((line, n) => {
    while (body.rows.length <= top + n && body.rows.length < Number(table.dataset.most)) addBlank(table, nextNumber(body));
    const row = body.rows[top + n];
    if (!row) left_out += 1;
    else line.forEach((text, m) => put(row.cells[left + m], text.trim()));
  });
  renumber(body);
  if (left_out) offer(table, table.dataset.sayingFull.replace("{}", left_out));
}

function put(cell, text) {
  const controls = [...(cell?.querySelectorAll("input, select, textarea") ?? [])];
  const [first] = controls;
  if (!first) return;
  if (first.type === "radio" || first.type === "checkbox") {
    const wanted = text.split(/[、,，;；]/).map((one) => one.trim());
    for (const one of controls) one.checked = wanted.includes(one.value) || wanted.includes(one.labels[0]?.textContent.trim());
  } else if (first.tagName === "SELECT") {
    const found = [...first.options].find((one) => [one.value, one.textContent.trim()].includes(text));
    first.value = found ? found.value : "";
  } else first.value = text;
}

// A line under the table: what was done, and where there is one the way back.
function offer(table, text, undo) {
  table.querySelector("[data-offer]")?.remove();
  const line = document.createElement("p");
  line.className = "note";
  line.dataset.offer = "";
  line.setAttribute("role", "status");
  line.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = table.dataset.sayingUndo;
    button.addEventListener("click", () => {
      undo();
      line.remove();
      table.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
    });
    line.append(" ", button);
  }
  table.append(line);
}

// Gives each table just the rows that these names of inputs speak of.
export function shapeRows(form, names) {
  for (const table of form.querySelectorAll("[data-rows]")) {
    const start = `f_${table.closest("[data-key]").dataset.key}-`;
    const wanted = new Set([...names].filter((name) => name.startsWith(start)).map((name) => Number(name.slice(start.length).split("-")[0])));
    const body = table.querySelector("tbody");
    for (const row of wanted.size ? [...body.rows] : []) if (!wanted.delete(Number(row.dataset.n))) row.remove();
    for (const n of wanted) addBlank(table, n);
    renumber(body);
  }
}

function addBlank(table, n) {
  const blank = table.querySelector("template").content.querySelector("tr").outerHTML.replaceAll("__n__", String(n));
  table.querySelector("tbody").insertAdjacentHTML("beforeend", blank);
}

function nextNumber(body) {
  return 1 + Math.max(-1, ...[...body.rows].map((row) => Number(row.dataset.n)));
}

function addRow(table) {
  const body = table.querySelector("tbody");
  if (body.rows.length >= Number(table.dataset.most)) return false;
  addBlank(table, nextNumber(body));
  renumber(body);
  body.rows[body.rows.length - 1].querySelector("input, select, textarea")?.focus();
  return true;
}

function dropRow(table, row) {
  const body = row.parentElement;
  const said = table.dataset.sayingDropped.replace("{}", [...body.rows].indexOf(row) + 1);
  if (body.rows.length <= 1) {
    const was = row.cloneNode(true);
    copyState(row, was);
    for (const control of row.querySelectorAll("input, select, textarea")) clear(control);
    offer(table, said, () => row.replaceWith(was));
    return true;
  }
  const near = row.nextElementSibling ?? row.previousElementSibling;
  const behind = row.nextElementSibling;
  row.remove();
  renumber(body);
  offer(table, said, () => {
    body.insertBefore(row, behind?.isConnected ? behind : null);
    renumber(body);
  });
  near.querySelector("input, select, textarea")?.focus();
  return true;
}

// What was typed or chosen does not come with a copy of a row.
function copyState(from, to) {
  const [were, are] = [from, to].map((row) => [...row.querySelectorAll("input, select, textarea")]);
  were.forEach((one, n) => Object.assign(are[n], { value: one.value, checked: one.checked }));
}

function clear(control) {
  if (control.type === "checkbox" || control.type === "radio") control.checked = false;
  else control.value = "";
}

function renumber(body) {
  [...body.rows].forEach((row, index) => {
    for (const place of row.querySelectorAll("[data-no]")) place.textContent = String(index + 1);
  });
}
