// A draft that saves itself: two seconds after the last key, and when the page is left.
// It never loses text: an expired login, a stopped server or a second editor is said in the status line,
// what was typed stays in the page, and saving resumes by itself as soon as it can.

import { busy } from "./sending.js";

const QUIET = 2000; // after the last key
const RETRY = 5000; // while the server or the login is away

export function watchDraft(form) {
  const status = document.getElementById(form.dataset.status);
  const state = { dirty: false, running: null, timer: 0, leaving: false, stopped: false, failing: false };
  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("bad", bad);
  };

  function soon(delay = QUIET) {
    clearTimeout(state.timer);
    if (!state.stopped && !state.leaving) state.timer = setTimeout(save, delay);
  }

  function save() {
    if (state.running || !state.dirty || state.stopped) return state.running ?? Promise.resolve();
    state.dirty = false;
    say(form.dataset.sayingSaving);
    state.running = send(form)
      .then((answer) => settle(answer))
      .catch(() => again(form.dataset.sayingOffline))
      .finally(() => {
        state.running = null;
        if (state.dirty) soon(state.failing ? RETRY : QUIET);
      });
    return state.running;
  }

  function again(text) {
    state.dirty = true;
    state.failing = true;
    say(text, true);
  }

  async function settle(answer) {
    if (answer.status === 401) {
      again(form.dataset.sayingExpired);
      await takeUpLogin(form);
      return;
    }
    if (answer.status >= 500) return again(form.dataset.sayingOffline);
    const said = await answer.json();
    state.failing = false;
    if (said.revision) form.elements.base_revision.value = said.revision;
    if (answer.ok) {
      showNotes(form, said.notes);
      return say(said.message);
    }
    state.stopped = !said.copy;
    if (said.copy) moveToCopy(form, said.copy);
    say("");
    form.querySelector(".bar").prepend(notice(said));
  }

  if (typedAlready(form)) {
    state.dirty = true;
    soon();
  }
  form.addEventListener("input", () => {
    state.dirty = true;
    soon();
  });
  form.addEventListener("change", () => {
    state.dirty = true;
    soon();
  });
  form.addEventListener("submit", (event) => {
    if (state.running || state.failing) {
      // A save on its way would make this submission look like a second editor; and while saving fails,
      // leaving the page could lose what is in it.
      event.preventDefault();
      const ready = busy(event.submitter);
      save().then(() => {
        ready();
        if (!state.failing) form.requestSubmit(event.submitter ?? undefined);
      });
      return;
    }
    if (event.submitter?.value === "preview" && !state.stopped) {
      event.preventDefault();
      showPreview(form, state, save).finally(busy(event.submitter));
      return;
    }
    state.leaving = true;
    clearTimeout(state.timer);
  });
  addEventListener("pagehide", () => {
    if (state.dirty && !state.leaving && !state.stopped && !state.running) send(form, true).catch(() => {});
  });
  addEventListener("beforeunload", (event) => {
    if (state.failing && state.dirty && !state.leaving) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  addEventListener("focus", () => {
    if (state.dirty) soon(200);
  });
}

// What was typed before this script had loaded has sent no event to it.
function typedAlready(form) {
  return [...form.querySelectorAll("input:not([type=hidden], [type=file]), textarea")].some((one) =>
    one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue,
  );
}

function send(form, last = false) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf_token") body.append(name, value);
  }
  return fetch(form.dataset.autosave, {
    method: "POST",
    body,
    keepalive: last,
    redirect: "error",
    headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
  });
}

async function takeUpLogin(form) {
  const answer = await fetch(form.dataset.alive, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const said = await answer.json();
  if (said.account !== form.dataset.account) return;
  for (const token of document.querySelectorAll("input[name='csrf_token']")) token.value = said.csrf_token;
}

// What the server will change in what was typed, said beside it.
function showNotes(form, notes) {
  for (const place of form.querySelectorAll("[data-note]")) {
    place.textContent = notes[place.id] ?? "";
    place.hidden = !place.textContent;
  }
}

function moveToCopy(form, copy) {
  form.action = copy.action;
  form.dataset.autosave = copy.autosave;
  form.dataset.preview = copy.preview;
  form.elements.base_revision.value = copy.revision;
}

async function showPreview(form, state, save) {
  // At once, while the browser still knows of the click; making the paper takes a moment.
  const tab = window.open("", "_blank");
  if (tab) tab.document.body.textContent = form.dataset.sayingPreview;
  state.dirty = true;
  await save();
  if (state.dirty) tab?.close();
  else if (tab) tab.location.replace(form.dataset.preview);
  else location.assign(form.dataset.preview);
}

// Stays in sight: the status line goes on to speak of the copy.
function notice(said) {
  const told = document.createElement("p");
  told.className = "say warn";
  told.setAttribute("role", "alert");
  told.append(said.message);
  if (said.link) told.append(" ", linkTo(said.link, said.link_text));
  return told;
}

function linkTo(href, text) {
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.textContent = text;
  return link;
}
