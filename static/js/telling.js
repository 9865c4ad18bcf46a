// What a script says beside a button: one notice in each form, read aloud, gone with the next press.
// The words come with the page (data-saying-… on its body), since they are the office's language.

export function words(name) {
  return document.body.dataset[`saying${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
}

export function tell(form, pressed, text, link) {
  form.querySelector("[data-told]")?.remove();
  if (!text) return;
  const told = notice(text, link, "bad");
  told.dataset.told = "";
  const bar = form.querySelector(".bar");
  if (bar) bar.prepend(told);
  else (pressed?.closest(".acts") ?? pressed ?? form.lastElementChild).before(told);
}

export function notice(text, link, look = "warn") {
  const told = document.createElement("p");
  told.className = `say ${look}`;
  told.setAttribute("role", "alert");
  told.append(text);
  if (link?.href) told.append(" ", linkTo(link));
  return told;
}

function linkTo({ href, text }) {
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.textContent = text;
  return link;
}
