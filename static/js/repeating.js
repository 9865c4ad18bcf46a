// Alt+L says again what one last answered to a question; pressed once more, what one answered before that.

export function repeatLast(form) {
  let at = { key: "", texts: [], next: 0 };

  form.addEventListener("keydown", async (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyL") return;
    const input = event.target.closest("input:not([type=checkbox], [type=file]), select, textarea");
    const place = input?.closest("[data-key]:not([data-secret])");
    if (!place || input.closest("td")) return;
    event.preventDefault();
    const key = place.dataset.key;
    if (at.key !== key) at = { key, texts: await asked(form, key), next: 0 };
    if (!at.texts.length) return say(form, form.dataset.sayingNone);
    put(place, input, at.texts[at.next]);
    at.next = (at.next + 1) % at.texts.length;
  });
}

async function asked(form, key) {
  const url = form.dataset.last.replace("KEY", encodeURIComponent(key));
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok ? (await answer.json()).texts : [];
}

function say(form, text) {
  document.getElementById(form.dataset.status).textContent = text;
}

function put(place, input, text) {
  if (input.type === "radio") place.querySelector(`input[value="${CSS.escape(text)}"]`)?.click();
  else {
    input.value = text;
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}
