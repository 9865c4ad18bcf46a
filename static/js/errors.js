// The error summary: takes the focus when the page arrives, and its links put the cursor into the field.

export function focusSummary(page) {
  const summary = page.querySelector("[data-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && focusField(page, link.hash.slice(1))) event.preventDefault();
  });
}

function focusField(page, id) {
  const target = page.getElementById(decodeURIComponent(id));
  if (!target) return false;
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  const block = target.closest(".field") ?? target;
  block.scrollIntoView({ block: "start" });
  (control ?? target).focus({ preventScroll: true });
  return true;
}
