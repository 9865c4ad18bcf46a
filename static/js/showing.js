// Shows a question only when it applies, and marks it as required only when it is.
// What was typed into a question that is hidden again stays there; the server drops it at submission.

import { holds, shownKeys } from "./conditions.js";

const YES = new Set(["是", "true", "yes", "1", "on", "y"]);
const NO = new Set(["否", "false", "no", "0", "off", "n"]);

// What was typed, as the value that the kind of its question gives it; text where a kind is not named here.
const READ = {
  number: ([text]) => (text && !Number.isNaN(Number(plain(text))) ? Number(plain(text)) : text),
  yesno: ([text]) => (text && YES.has(text.toLowerCase()) ? true : text && NO.has(text.toLowerCase()) ? false : null),
  choices: (typed) => typed,
  attachments: (typed) => typed,
  table: (typed) => typed,
};

function plain(text) {
  return text.normalize("NFKC").replace(/[\s,]/g, "").replace(/[^\d.+-]+$/, "");
}

export function followConditions(form) {
  const blocks = [...form.querySelectorAll("[data-key]")];
  if (!blocks.some((block) => block.dataset.show || block.dataset.require)) return;
  const fields = blocks.map((block) => ({ key: block.dataset.key, show: JSON.parse(block.dataset.show ?? "null") }));
  const known = JSON.parse(form.dataset.known ?? "{}");
  const follow = () => {
    const values = Object.fromEntries(blocks.map((block) => [block.dataset.key, valueOf(block)]));
    const shown = shownKeys(fields, values, known);
    const answered = Object.fromEntries(Object.entries(values).filter(([key]) => shown.has(key)));
    for (const block of blocks) {
      block.hidden = !shown.has(block.dataset.key);
      markRequired(block, { ...known, ...answered });
    }
    for (const section of form.querySelectorAll("[data-section]")) {
      section.hidden = [...section.querySelectorAll("[data-key]")].every((block) => block.hidden);
    }
  };
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  follow();
}

function valueOf(block) {
  const typed = [];
  for (const control of block.querySelectorAll("input[name], select[name], textarea[name]")) {
    const chosen = control.type !== "checkbox" && control.type !== "radio";
    if ((chosen || control.checked) && control.type !== "file" && control.value.trim()) typed.push(control.value.trim());
  }
  return READ[block.dataset.kind]?.(typed) ?? (typed.length ? typed[0] : null);
}

function markRequired(block, values) {
  const mark = block.querySelector("[data-must]");
  if (!mark || !block.dataset.require) return;
  const must = holds(JSON.parse(block.dataset.require), values);
  mark.textContent = must ? mark.dataset.must : mark.dataset.may;
  mark.className = must ? "must" : "may";
}
