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

function addRow(table) {
  const body = table.querySelector("tbody");
  if (body.rows.length >= Number(table.dataset.most)) return false;
  const next = 1 + Math.max(-1, ...[...body.rows].map((row) => Number(row.dataset.n)));
  const blank = table.querySelector("template").content.querySelector("tr").outerHTML.replaceAll("__n__", String(next));
  body.insertAdjacentHTML("beforeend", blank);
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
