// The cursor begins in the password, so that a signer only types it and presses Enter: never in a text that is
// printed, where somebody who expects the password would type it in plain sight. Not where the page is narrow:
// there it would hide the paper behind a keyboard. The page does not move.

const WIDE = "(min-width: 960px)";

export function beginAtPassword(form) {
  if (!matchMedia(WIDE).matches) return;
  const password = form.querySelector("input[type=password]");
  if (password?.getAttribute("aria-invalid")) return;
  (form.querySelector("[data-begin-here]") ?? password)?.focus({ preventScroll: true });
}

// A password that was wrong is typed again where it was typed, in sight, on any width.
export function backToPassword(page) {
  const password = page.querySelector("main input[type=password][aria-invalid=true]");
  if (!password || page.querySelectorAll("main [aria-invalid=true]").length > 1) return;
  password.focus({ preventScroll: true });
  password.scrollIntoView({ block: "center" });
}

// A person's own phrase goes where the cursor would be: in place of what stands there.
export function putPhrases(page) {
  for (const button of page.querySelectorAll("[data-puts]")) {
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset.puts);
      input.value = button.textContent;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
