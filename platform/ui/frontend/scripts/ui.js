// Starts what a page holds. Every page works without this file; with it, forms get kinder.
import { Button, CharacterCount, createAll, ErrorSummary, PasswordInput, SkipLink } from "govuk-frontend";
import { startCover } from "./cover.js";
import { startDrafts } from "./drafts.js";
import { startFiles } from "./files.js";
import { startGroups } from "./groups.js";
import { startHelpSheets } from "./help_sheets.js";
import { startLanguages } from "./languages.js";
import { startLive } from "./live.js";
import { startMaps } from "./maps.js";
import { startMenus } from "./menu.js";
import { startMoments } from "./moments.js";
import { startNameCheck } from "./name_check.js";
import { startNamesOfLine } from "./names_of_line.js";
import { startPasskey } from "./passkey.js";
import { startPrinting } from "./printing.js";
import { startShortcuts } from "./shortcuts.js";
import { startSubmitting } from "./submitting.js";
import { startTypeahead } from "./typeahead.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Button, CharacterCount, ErrorSummary, PasswordInput, SkipLink]) {
  createAll(component);
}

function startAll(module, start) {
  document.querySelectorAll(`[data-module="${module}"]`).forEach(start);
}

startAll("ui-typeahead", startTypeahead);
startAll("ui-groups", startGroups); // after the typeaheads that they fill
startAll("ui-name-check", startNameCheck); // after the typeaheads into which it links
startAll("ui-files", startFiles);
startAll("ui-maps", startMaps);
startAll("ui-passkey", startPasskey);
startAll("ui-sheets", startHelpSheets);
startLanguages(); // before what holds forms back from being sent twice
startMenus();
startMoments();
startNamesOfLine();
startPrinting();
startSubmitting();
startAll("ui-drafts", startDrafts); // after what holds a form back from being sent
startAll("ui-live", startLive);
startAll("ui-shortcuts", startShortcuts);
startCover();
