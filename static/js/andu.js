// The one script every page loads: starts the small modules that a page has use for.
// Each of them only makes better what already works without it.

import { watchDraft } from "./autosave.js";
import { backToPassword, beginAtPassword, putPhrases } from "./beginning.js";
import { actOnChoice } from "./choosing.js";
import { focusSummary } from "./errors.js";
import { suggestFound } from "./finding.js";
import { growTables } from "./rows.js";
import { answerKeys } from "./keys.js";
import { followAnswers } from "./following.js";
import { narrow } from "./narrowing.js";
import { repeatLast } from "./repeating.js";
import { searchLists } from "./picking.js";
import { returnToPlace, takeOnePress } from "./sending.js";
import { loadSheets } from "./sheets.js";
import { chooseAll } from "./several.js";
import { followConditions } from "./showing.js";
import { stepThrough } from "./stepping.js";
import { wipeAtSignOut, wipeCopies } from "./typed.js";

let shown = new AbortController(); // what listens to the window for the page that is shown

function start() {
  for (const form of document.querySelectorAll("form[data-answers]")) {
    growTables(form);
    followAnswers(form);
    followConditions(form);
  }
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    watchDraft(form, shown.signal);
    stepThrough(form, shown.signal);
    repeatLast(form);
    actOnChoice(form);
    searchLists(form);
  }
  for (const form of document.querySelectorAll("form[data-begin]")) beginAtPassword(form);
  for (const form of document.querySelectorAll("form[data-narrow]")) narrow(form);
  for (const form of document.querySelectorAll("form[data-several]")) chooseAll(form);
  focusSummary(document);
  backToPassword(document);
  putPhrases(document);
  for (const place of document.querySelectorAll("[data-sheets]")) loadSheets(place);
}

// The main part of a page that answered a form, in the place of this one's.
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  shown.abort();
  shown = new AbortController();
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
  document.title = page.title;
  scrollTo(0, 0);
  start();
}

document.documentElement.classList.add("js");
if (document.body.dataset.account) wipeCopies(document.body.dataset.account);
start();
returnToPlace();
answerKeys(document);
for (const form of document.querySelectorAll("form[data-suggest]")) suggestFound(form);
wipeAtSignOut(document);
takeOnePress(document, show);
