// The cursor begins in the first field that is still empty, so that a signer only types and presses Enter.
// Not where the page is narrow: there it would hide the paper behind a keyboard. The page does not move.

const WIDE = "(min-width: 960px)";

export function beginAtFirstEmpty(form) {
  if (!matchMedia(WIDE).matches) return;
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.checkVisibility());
  (fields.find((one) => !one.value) ?? fields.at(-1))?.focus({ preventScroll: true });
}
