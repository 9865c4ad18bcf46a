// A choice that acts at once, as its button would: an earlier record brings its answers in, a file goes up.

export function actOnChoice(form) {
  form.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-prefill], [data-upload]");
    if (!choice || !choice.value) return;
    const button = document.getElementById(choice.dataset.prefill ?? choice.dataset.upload);
    if (button) form.requestSubmit(button);
  });
}
