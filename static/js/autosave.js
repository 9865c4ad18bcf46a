// A draft that saves itself: two seconds after the last key, and when the page is left.
// It never loses text: an expired login, a stopped server or a second editor is said in the status line,
// what was typed stays in the page, and saving resumes by itself as soon as it can. Meanwhile a copy lies in the
// browser (typed.js), but for what is confidential.

import { busy, freshToken } from "./sending.js";
import { notice, tell, words } from "./telling.js";
import { dropCopy, keepCopy, leftCopy, noteLeaving, putBack, tabOf } from "./typed.js";

const QUIET = 2000; // after the last key
const RETRY = 5000; // while the server or the login is away
const PROMPT = 300; // until the copy in the browser is written

export function watchDraft(form, signal) {
  const status = document.getElementById(form.dataset.status);
  const tab = tabOf(form);
  const state = { dirty: false, running: null, timer: 0, copying: 0, leaving: false, stopped: false, failing: false };
  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("bad", bad);
  };

  function soon(delay = QUIET) {
    clearTimeout(state.timer);
    if (!state.stopped && !state.leaving && !signal.aborted) state.timer = setTimeout(save, delay);
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
        if (!state.dirty && !state.failing) dropCopy(form, tab);
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
      await freshToken(form);
      return;
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status >= 500 || answer.status === 429 || answer.status === 413) return again(said.message || form.dataset.sayingOffline);
    if (state.failing && form.querySelector("[data-told]")) tell(form, null, words("back"));
    state.failing = false;
    if (said.revision) form.elements.base_revision.value = said.revision;
    if (answer.ok) {
      showNotes(form, said.notes);
      return say(said.message);
    }
    state.stopped = !said.copy;
    if (said.copy) moveToCopy(form, said.copy);
    say("");
    form.querySelector(".bar").prepend(notice(said.message, { href: said.link, text: said.link_text }));
  }

  function changed(event) {
    if (event?.isTrusted === false && state.leaving) return;
    state.dirty = true;
    clearTimeout(state.copying);
    state.copying = setTimeout(() => state.dirty && keepCopy(form, tab), PROMPT);
    soon();
  }

  if (typedAlready(form)) changed();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("formdata", ({ formData }) => {
    formData.set("tab", tab.name);
    formData.set("typed_at", String(Date.now()));
  });
  form.addEventListener("submit", (event) => {
    if (state.running || state.failing) {
      // A save on its way would make this submission look like a second editor; and while saving fails,
      // leaving the page could lose what is in it.
      event.preventDefault();
      const ready = busy(event.submitter);
      state.dirty ||= state.failing;
      save().then(() => {
        ready();
        if (!state.failing) form.requestSubmit(event.submitter ?? undefined);
        else tell(form, event.submitter, status.textContent);
      });
      return;
    }
    if (event.submitter?.value === "preview" && !state.stopped) {
      event.preventDefault();
      showPreview(form, state, save).finally(busy(event.submitter));
      return;
    }
    state.leaving = true;
    state.dirty = false; // what is typed from now on is not in what is sent
    clearTimeout(state.timer);
    keepCopy(form, tab);
  });
  form.addEventListener("andu:taken", () => state.dirty || dropCopy(form, tab));
  form.addEventListener("andu:stays", () => {
    state.leaving = false;
    changed();
  });
  form.addEventListener("andu:save", () => {
    state.dirty = true;
    clearTimeout(state.timer);
    save();
  });
  form.addEventListener("andu:unsent", () => again(form.dataset.sayingOffline));
  const leaving = () => {
    const isUnsaved = state.dirty || Boolean(state.running);
    noteLeaving(form, tab, isUnsaved);
    if (state.dirty && !state.stopped) keepCopy(form, tab);
    if (state.dirty && !state.leaving && !state.stopped && !state.running) send(form, true).catch(() => {});
  };
  addEventListener("pagehide", leaving, { signal });
  const warn = (event) => state.failing && state.dirty && !state.leaving && event.preventDefault();
  addEventListener("beforeunload", warn, { signal });
  addEventListener("pageshow", (event) => event.persisted && location.reload(), { signal });
  addEventListener("focus", () => state.dirty && soon(200), { signal });
  takeUpWhereLeft(form, tab);
}

// What this tab had typed when it was loaded anew comes back by itself; any other copy is offered.
function takeUpWhereLeft(form, tab) {
  const base = form.elements.base_revision.value;
  if (tab.secret && tab.secret < 3 && tab.base === base) {
    // What is confidential lies in no copy: it is on its way to the server, and is there in a moment.
    noteLeaving(form, { name: tab.name, secret: tab.secret }, true);
    setTimeout(() => location.replace(location.pathname + location.search), 500);
    return;
  }
  const left = leftCopy(form, tab);
  if (!left) return;
  if (left.isOwn && left.copy.base === base) return putBack(form, left.copy.texts);
  offer(form, tab, left);
}

function offer(form, tab, { copy, drop }) {
  const time = new Date(copy.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" });
  const told = notice(form.dataset.sayingLeft.replace("{}", time));
  told.setAttribute("role", "status");
  for (const [text, act] of [
    [
      form.dataset.sayingPutBack,
      () => {
        putBack(form, copy.texts);
        drop();
        keepCopy(form, tab);
      },
    ],
    [form.dataset.sayingDrop, drop],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = text;
    button.addEventListener("click", () => {
      act();
      told.remove();
    });
    told.append(" ", button);
  }
  form.prepend(told);
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

// What the server will change in what was typed, said beside it.
function showNotes(form, notes) {
  for (const place of form.querySelectorAll("[data-note]")) {
    place.textContent = notes[place.id] ?? "";
    (place.closest("[data-pasted]") ?? place).hidden = !place.textContent;
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
