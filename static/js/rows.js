// Rows of a repeating table, added and removed in place. Without this the same buttons go to the server.
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

function addRow(table) {
  const body = table.querySelector("tbody");
  if (body.rows.length >= Number(table.dataset.most)) return false;
  addBlank(table, 1 + Math.max(-1, ...[...body.rows].map((row) => Number(row.dataset.n))));
  renumber(body);
  body.rows[body.rows.length - 1].querySelector("input, select, textarea")?.focus();
  return true;
}

function dropRow(table, row) {
  const body = row.parentElement;
  if (body.rows.length <= 1) {
    for (const control of row.querySelectorAll("input, select, textarea")) clear(control);
    return true;
  }
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(body);
  near.querySelector("input, select, textarea")?.focus();
  return true;
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
