// A long list that grows shorter while one types: by words in it, by pinyin, by the initials of pinyin.
// Enter takes the first that is left. Without this script the same question goes to the server.

const PUNCTUATION = /[\s·•\p{P}]/gu;
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(PUNCTUATION, "");

export function narrow(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.getElementById(form.dataset.narrow);
  const nothing = document.querySelector("[data-nothing]");
  // folded by the server: the text, the initials, the spelling
  const lines = [...list.querySelectorAll("[data-said]")].map((line) => ({ line, texts: line.dataset.said.split(" ") }));
  const first = () => lines.find(({ line }) => !line.hidden)?.line.querySelector("[data-first]");

  function follow() {
    const terms = input.value.split(/\s+/).map(fold).filter(Boolean);
    for (const { line, texts } of lines) line.hidden = !terms.every((term) => texts.some((text) => text.includes(term)));
    for (const group of list.querySelectorAll("section")) group.hidden = !group.querySelector("[data-said]:not([hidden])");
    nothing.hidden = Boolean(first());
  }

  input.addEventListener("input", follow);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) first()?.requestSubmit();
  });
}
