// The cursor begins in the password, so that a signer only types it and presses Enter: never in a text that is
// printed, where somebody who expects the password would type it in plain sight. Not where the page is narrow:
// there it would hide the paper behind a keyboard. The page does not move.

const WIDE = "(min-width: 960px)";

export function beginAtPassword(form) {
  if (!matchMedia(WIDE).matches) return;
  form.querySelector("input[type=password]")?.focus({ preventScroll: true });
}
