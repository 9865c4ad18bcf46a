// Filling in by keyboard. Enter goes on to the next question that must be answered and is not, and sends nothing;
// where it starts a new line, Alt+Enter does the same. Ctrl+S saves, Ctrl+Enter hands in. A draft nobody has typed
// in begins at its first such question.

const ANSWERS = "input:not([type=hidden], [type=file]), select, textarea";
const WIDE = "(min-width: 960px)";

export function stepThrough(form, signal) {
  form.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.querySelector("#submit").click();
    } else if (event.key === "Enter" && event.target.matches(event.altKey ? ANSWERS : "input, select")) {
      if (event.target.matches("[type=file]")) return;
      event.preventDefault();
      stepOn(form, event.target);
    }
  });
  const save = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.code !== "KeyS") return;
    event.preventDefault();
    form.dispatchEvent(new Event("andu:save"));
  };
  addEventListener("keydown", save, { signal });
  if (form.dataset.untouched !== undefined && matchMedia(WIDE).matches) stepOn(form, null);
}

// Behind an input, or from the top: the next question that lacks its answer; else what hands in.
function stepOn(form, from) {
  const here = from?.closest("td, [data-key]");
  const places = [...form.querySelectorAll("[data-key] td, [data-key]")].filter((place) => !place.querySelector("td"));
  const behind = places.slice(here ? places.indexOf(here) + 1 : 0);
  const next = behind.find((place) => place.querySelector(".must") && !place.closest("[hidden]") && lacks(place) && !isSpare(place));
  const to = next?.querySelector(ANSWERS) ?? form.querySelector("#submit");
  to.focus({ preventScroll: from === null });
  if (to.select && to.type !== "radio" && to.type !== "checkbox") to.select();
}

// A cell of a row that nobody has begun, in a table that may stay empty.
function isSpare(place) {
  const row = place.closest("tr");
  if (!row) return false;
  const heading = row.closest("[data-key]").querySelector(":scope > legend .must, :scope > label .must");
  return !heading && lacks(row);
}

function lacks(place) {
  const controls = [...place.querySelectorAll(ANSWERS)];
  return controls.length > 0 && !controls.some((one) => (one.type === "radio" || one.type === "checkbox" ? one.checked : one.value.trim()));
}
