// A unit that follows from another answer is chosen as that is given, unless somebody has chosen another.

export function followAnswers(form) {
  for (const select of form.querySelectorAll("select[data-follows]")) {
    const units = JSON.parse(select.dataset.units);
    const block = form.querySelector(`[data-key="${select.dataset.follows}"]`);
    if (!block) continue;
    const unitOf = (answer) => units[answer?.value] ?? "";
    let last = unitOf(block.querySelector("[checked], option[selected]")); // as the page came
    const follow = () => {
      if (select.value && select.value !== last) return;
      last = unitOf(block.querySelector("input:checked, select"));
      select.value = last;
    };
    block.addEventListener("change", follow);
    follow(); // what was answered before this script was there
  }
}
