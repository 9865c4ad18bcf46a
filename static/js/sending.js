// What was pressed is on its way: its button says so (data-busy), and its form takes no second press.
// The page and what is typed in it stay until the server has answered: every form is sent by fetch. A redirect
// is followed as a page of its own, a page with faults takes the place of this one, and anything else is said
// beside the button. Forms with data-native, and browsers without this script, post as browsers do.

import { tell, words } from "./telling.js";

const LONGEST = 90000;
const AGAIN = 5000; // while the server is away
const SHOWN = new Set([200, 422]);

// Makes a button busy; the function it answers with makes it ready again.
export function busy(button, word = button?.dataset.busy) {
  if (!button) return () => {};
  const was = button.textContent;
  button.disabled = true;
  if (word) button.textContent = word;
  return () => {
    button.disabled = false;
    if (word) button.textContent = was;
  };
}

// Answers that were typed now would be lost when the page that comes back takes the place of this one.
function shut(form) {
  const at = document.activeElement;
  form.inert = true;
  return () => {
    form.inert = false;
    if (form.contains(at) && document.activeElement === document.body) at.focus();
  };
}

// show(text): puts the main part of a page that came back in the place of this one's.
export function takeOnePress(page, show) {
  const sent = new Map(); // form: what makes its buttons ready again

  function ready(form) {
    for (const again of sent.get(form) ?? []) again();
    sent.delete(form);
  }

  function hold(form, pressed) {
    const buttons = [...form.elements].filter((one) => one.type === "submit");
    const again = buttons.map((one) => (one === pressed ? busy(one) : busy(one, "")));
    sent.set(form, form.dataset.autosave === undefined ? again : [...again, shut(form)]);
  }

  async function send(form, pressed) {
    const request = [form, pressed, filled(form, pressed)]; // before the button is disabled
    hold(form, pressed);
    if (await settled(await ask(...request), ...request, show)) return;
    ready(form);
    form.dispatchEvent(new Event("andu:stays"));
  }

  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    if (form.dataset.native !== undefined) {
      sent.set(form, []);
      // Not before the browser has read the form: a button that is disabled does not say that it was pressed.
      setTimeout(hold, 0, form, event.submitter);
      setTimeout(ready, LONGEST, form);
      return;
    }
    event.preventDefault();
    send(form, event.submitter);
  });
  addEventListener("pageshow", () => [...sent.keys()].forEach(ready));
}

function filled(form, pressed) {
  const body = new FormData(form);
  if (pressed?.name) body.append(pressed.name, pressed.value);
  return body;
}

// The answer; null when there was none.
function ask(form, pressed, body) {
  return fetch(pressed?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, {
    method: "POST",
    body: form.enctype === "multipart/form-data" ? body : new URLSearchParams(body),
    headers: { "X-Andu-Page": "stays", "X-CSRFToken": body.get("csrf_token") ?? "" },
    signal: AbortSignal.timeout(LONGEST),
  }).catch(() => null);
}

// Whether the page goes, or is another one already.
async function settled(answer, form, pressed, body, show, again = true) {
  if (!answer) return away(form, pressed);
  const to = answer.headers.get("X-Andu-Goto");
  if (to) return leave(form, to);
  if (answer.status === 204) return true;
  const text = await answer.text().catch(() => "");
  if (answer.status === 400 || answer.status === 401) {
    const token = await freshToken(form);
    if (token && again) {
      body.set("csrf_token", token);
      return settled(await ask(form, pressed, body), form, pressed, body, show, false);
    }
    tell(form, pressed, words("expired"), { href: "/sign-in", text: words("signIn") });
    return false;
  }
  if (SHOWN.has(answer.status) && text.includes("<main")) {
    form.dispatchEvent(new Event("andu:taken"));
    show(text);
    return true;
  }
  tell(form, pressed, said(text) || words("failed").replace("{}", answer.status));
  return false;
}

function leave(form, to) {
  form.dispatchEvent(new Event("andu:taken"));
  const url = new URL(to, location.href);
  const here = url.pathname + url.search === location.pathname + location.search;
  // To the same address with an anchor a browser only scrolls: the page is fetched anew without it.
  if (here && url.hash) sessionStorage.setItem("andu:at", url.hash.slice(1));
  if (here) location.replace(url.pathname + url.search);
  else location.assign(url);
  return true;
}

// After a page was fetched anew: back to the question it was about.
export function returnToPlace() {
  const id = sessionStorage.getItem("andu:at");
  sessionStorage.removeItem("andu:at");
  if (id) document.getElementById(decodeURIComponent(id))?.scrollIntoView({ block: "center" });
}

// The token of whoever is signed in now, put into the page as well; none when that is not whose page this is.
export async function freshToken(form) {
  const answer = await fetch(document.body.dataset.alive, { headers: { Accept: "application/json" } }).catch(() => null);
  const known = answer?.ok ? await answer.json() : {};
  if (!known.account || known.account !== form.elements.whose?.value) return "";
  for (const token of document.querySelectorAll("input[name='csrf_token']")) token.value = known.csrf_token;
  return known.csrf_token;
}

function away(form, pressed) {
  tell(form, pressed, words("offline"));
  form.dispatchEvent(new Event("andu:unsent"));
  if (form.dataset.autosave === undefined) setTimeout(lookAgain, AGAIN, form, pressed);
  return false;
}

async function lookAgain(form, pressed) {
  if (!form.isConnected || !form.querySelector("[data-told]")) return;
  const answer = await fetch(document.body.dataset.alive, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer) tell(form, pressed, words("back"));
  else setTimeout(lookAgain, AGAIN, form, pressed);
}

// What a page of refusal says, in its own words.
function said(text) {
  const panel = new DOMParser().parseFromString(text, "text/html").querySelector("main .panel");
  const parts = [...(panel?.querySelectorAll("h1, p") ?? [])].filter((one) => !one.querySelector("a"));
  return parts.map((one) => one.textContent.trim()).join("：");
}
