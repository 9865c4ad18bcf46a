// A long list to choose from gets a search over it: what does not have the words leaves the list. Enter takes the
// first that is left, as if it had been chosen in the list.

const FEW = 8;
const PUNCTUATION = /[\s·•\p{P}]/gu;
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(PUNCTUATION, "");

export function searchLists(form) {
  for (const list of form.querySelectorAll("select[data-prefill]")) if (list.options.length > FEW) addSearch(list, form.dataset.sayingPick);
}

function addSearch(list, label) {
  const input = document.createElement("input");
  const known = [...list.options].map((option) => ({ option, within: option.parentElement, text: fold(option.textContent) }));
  input.type = "search";
  input.autocomplete = "off";
  input.placeholder = label;
  input.setAttribute("aria-label", label);
  list.before(input);

  function follow() {
    const terms = input.value.split(/\s+/).map(fold).filter(Boolean);
    const chosen = list.value; // taking options out changes which is selected
    const fits = ({ option, text }) => !option.value || option.value === chosen || terms.every((term) => text.includes(term));
    for (const one of known) one.option.remove();
    for (const one of known.filter(fits)) one.within.append(one.option);
    list.value = chosen;
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing was answered yet
    follow();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const first = [...list.options].find((option) => option.value && !option.selected) ?? null;
    if (!first || !input.value.trim()) return list.focus();
    list.value = first.value;
    delete list.dataset.keyed;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
