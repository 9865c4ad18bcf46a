// A copy of what is typed in a draft, in this browser, until the server has it: for a browser that crashes or is
// closed while the server is away. It never holds what is confidential (data-secret) nor files, it belongs to one
// person, and it is wiped when they sign out or somebody else signs in.
//
// A tab that shows a draft has a name of its own, which goes on when the page is loaded anew: what this very tab
// sent last is no second editor. Its texts carry the time they were typed, so that the later one counts.

import { shapeRows } from "./rows.js";

const COPIES = "andu:typed:";
const LEFT = "andu:left:";

export function tabOf(form) {
  const key = LEFT + form.dataset.draft;
  const left = JSON.parse(sessionStorage.getItem(key) ?? "null");
  sessionStorage.removeItem(key); // a tab that is copied while this one lives gets a name of its own
  return left ?? { name: crypto.getRandomValues(new Uint32Array(4)).join(""), fresh: true };
}

// The page is left while something may still be on its way.
export function noteLeaving(form, tab, isUnsaved) {
  const left = { name: tab.name, base: form.elements.base_revision.value };
  if (isUnsaved) left.unsaved = true;
  if (isUnsaved && secretChanged(form)) left.secret = (tab.secret ?? 0) + 1;
  attempt(() => sessionStorage.setItem(LEFT + form.dataset.draft, JSON.stringify(left)));
}

export function keepCopy(form, tab) {
  const copy = { at: Date.now(), base: form.elements.base_revision.value, texts: openTexts(form) };
  if (!isSignedOut(form)) attempt(() => localStorage.setItem(keyOf(form, tab), JSON.stringify(copy)));
}

export function dropCopy(form, tab) {
  localStorage.removeItem(keyOf(form, tab));
}

// The latest copy of this draft that says something else than the page: {copy, drop, isOwn}; null without one.
export function leftCopy(form, tab) {
  const start = `${COPIES}${form.dataset.account}:${form.dataset.draft}:`;
  const found = keys().filter((key) => key.startsWith(start)).map((key) => [key, JSON.parse(localStorage.getItem(key))]);
  const drop = () => found.forEach(([key]) => localStorage.removeItem(key));
  const own = found.find(([key]) => key === keyOf(form, tab));
  const [key, copy] = own ?? found.sort((a, b) => b[1].at - a[1].at)[0] ?? [];
  if (copy && JSON.stringify(copy.texts) !== JSON.stringify(openTexts(form))) return { copy, drop, isOwn: Boolean(own && key) };
  drop();
  return null;
}

export function putBack(form, texts) {
  shapeRows(form, new Set(texts.map(([name]) => name)));
  for (const control of openControls(form)) {
    const values = texts.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Nothing of anybody but whoever is signed in is kept; nothing at all once they sign out.
export function wipeCopies(account) {
  for (const key of keys()) {
    if (!account || !key.startsWith(COPIES + account + ":")) localStorage.removeItem(key);
  }
  if (!account) Object.keys(sessionStorage).filter((key) => key.startsWith("andu:")).forEach((key) => sessionStorage.removeItem(key));
}

export function wipeAtSignOut(page) {
  page.addEventListener("submit", (event) => {
    if (event.target.dataset.leave === undefined) return;
    wipeCopies("");
    attempt(() => localStorage.setItem("andu:out", document.body.dataset.account)); // for the other tabs
  });
}

function isSignedOut(form) {
  return localStorage.getItem("andu:out") === form.dataset.account;
}

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith("andu:"));
}

function keyOf(form, tab) {
  return `${COPIES}${form.dataset.account}:${form.dataset.draft}:${tab.name}`;
}

function controls(form) {
  return [...form.querySelectorAll("[data-key]:not([data-kind=attachments]) :is(input, select, textarea)[name^=f_]")];
}

function openControls(form) {
  return controls(form).filter((one) => !one.closest("[data-secret]"));
}

function openTexts(form) {
  const chosen = (one) => (one.type !== "checkbox" && one.type !== "radio") || one.checked;
  return openControls(form).filter(chosen).map((one) => [one.name, one.value]);
}

function secretChanged(form) {
  const secret = controls(form).filter((one) => one.closest("[data-secret]"));
  return secret.some((one) => ("checked" in one && one.checked !== one.defaultChecked) || (one.defaultValue ?? "") !== one.value);
}

// A browser may refuse to keep anything: the page itself still does.
function attempt(act) {
  try {
    act();
  } catch {
    return;
  }
}
