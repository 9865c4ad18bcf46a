// The search in the head of each page answers while one types: arrow keys choose, Enter opens, Escape closes.
// Without this script, or with nothing chosen, Enter goes to the page of everything that was found.

const PAUSE = 200; // after the last key

export function suggestFound(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  let asking = new AbortController();
  let timer = 0;

  list.id = `${input.id}-found`;
  list.className = "suggested";
  list.hidden = true;
  for (const [node, marks] of [
    [list, { role: "listbox", "aria-label": form.dataset.saying }],
    [input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }],
  ])
    for (const [name, value] of Object.entries(marks)) node.setAttribute(name, value);
  form.append(list);

  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  }

  function show(found) {
    list.replaceChildren(...found.map((one, n) => optionOf(one, `${list.id}-${n}`)));
    choose(null);
    open(found.length > 0);
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const text = input.value.trim();
    if (!text) return open(false);
    const url = `${form.dataset.suggest}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show((await answer.json().catch(() => ({ found: [] }))).found);
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => (timer = setTimeout(ask, PAUSE)));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const at = chosen();
    const step = { ArrowDown: at ? at.nextElementSibling : list.firstElementChild, ArrowUp: at ? at.previousElementSibling : list.lastElementChild };
    if (event.key in step) choose(step[event.key]);
    else if (event.key === "Enter" && at) location.assign(at.dataset.to);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });
  // A press on an option must not take the focus away before it is one.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.to);
  });
  input.addEventListener("blur", () => open(false));
}

function optionOf(one, id) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.to = one.to;
  for (const [name, text] of [["b", [one.form, one.title].filter(Boolean).join("：")], ["span", one.about]]) {
    const part = document.createElement(name);
    part.textContent = text;
    option.append(part);
  }
  return option;
}
