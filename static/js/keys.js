// Keys that a page answers to. What has an accesskey takes Alt with it, whatever browser this is: an input is
// entered, anything else is pressed. The keys stand in the manual.

export function answerKeys(page) {
  page.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const one = page.querySelector(`[accesskey="${CSS.escape(event.code.replace(/^Key/, "").toLowerCase())}"]`);
    if (!one) return;
    event.preventDefault();
    if (one.matches("input, textarea")) one.select();
    one.focus();
    if (!one.matches("input, textarea")) one.click();
  });
}
