// A choice that acts at once, as its button would: an earlier record brings its answers in, a file goes up.
// A list that is walked through with the keys changes at every press: it acts when Enter says so, or when it is left.

export function actOnChoice(form) {
  let byKey = null; // the list whose choice was made with the keys and waits

  function act(choice) {
    byKey = null;
    const button = document.getElementById(choice.dataset.prefill ?? choice.dataset.upload);
    if (button) form.requestSubmit(button);
  }

  form.addEventListener("keydown", (event) => {
    const choice = event.target.closest("select[data-prefill]");
    if (!choice) return;
    if (event.key !== "Enter") choice.dataset.keyed = "";
    else if (byKey === choice) {
      event.preventDefault();
      act(choice);
    }
  });
  form.addEventListener("pointerdown", (event) => delete event.target.closest("select[data-prefill]")?.dataset.keyed);
  form.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-prefill], [data-upload]");
    if (!choice || (choice.dataset.upload && !choice.value)) return;
    if (!choice.value && choice.dataset.carried === undefined) byKey = null; // nothing to bring in, nothing to take out
    else if (choice.dataset.keyed !== undefined) byKey = choice;
    else act(choice);
  });
  form.addEventListener("focusout", () =>
    setTimeout(() => {
      // Not when the whole window loses the focus, nor on the way to the button itself.
      const there = document.activeElement;
      if (byKey && document.hasFocus() && there !== byKey && there?.id !== byKey.dataset.prefill) act(byKey);
    }),
  );
}
