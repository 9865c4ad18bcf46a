// The one script every page loads: starts the small modules that a page has use for.
// Each of them only makes better what already works without it.

import { watchDraft } from "./autosave.js";
import { beginAtFirstEmpty } from "./beginning.js";
import { actOnChoice } from "./choosing.js";
import { focusSummary } from "./errors.js";
import { growTables } from "./rows.js";
import { takeOnePress } from "./sending.js";
import { loadSheets } from "./sheets.js";
import { followConditions } from "./showing.js";

document.documentElement.classList.add("js");
for (const form of document.querySelectorAll("form[data-answers]")) {
  growTables(form);
  followConditions(form);
}
for (const form of document.querySelectorAll("form[data-autosave]")) {
  watchDraft(form);
  actOnChoice(form);
}
for (const form of document.querySelectorAll("form[data-begin]")) beginAtFirstEmpty(form);
focusSummary(document);
for (const place of document.querySelectorAll("[data-sheets]")) loadSheets(place);
takeOnePress(document);
