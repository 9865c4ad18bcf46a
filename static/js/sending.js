// What was pressed is on its way: its button says so (data-busy), and its form takes no second press.
// It comes back when the page is shown again, or after a while: whoever has stopped the page may press again.

const LONGEST = 30000;

// Makes a button busy; the function it answers with makes it ready again.
export function busy(button, word = button?.dataset.busy) {
  if (!button) return () => {};
  const was = button.textContent;
  button.disabled = true;
  if (word) button.textContent = word;
  return () => {
    button.disabled = false;
    if (word) button.textContent = was;
  };
}

export function takeOnePress(page) {
  const sent = new Map(); // form: what makes its buttons ready again

  function ready(form) {
    for (const again of sent.get(form) ?? []) again();
    sent.delete(form);
  }

  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    sent.set(form, []);
    // Not before the browser has read the form: a button that is disabled does not say that it was pressed.
    setTimeout(() => {
      const buttons = [...form.elements].filter((one) => one.type === "submit");
      sent.set(form, buttons.map((one) => (one === event.submitter ? busy(one) : busy(one, ""))));
    });
    setTimeout(ready, LONGEST, form);
  });
  addEventListener("pageshow", () => [...sent.keys()].forEach(ready));
}
