// On every page: the menu's manners, suggestions, the quick way out, and that neither recordings
// which were made on this device and never sent nor old places in stories stay there.
import { watchExit } from "./exit.js";
import { forgetOld } from "./keep.js";
import { watchMenu } from "./menu.js";
import { forgetOldPlaces } from "./places.js";
import { suggest } from "./suggest.js";

watchMenu(document.querySelector("details.menu"));
watchExit(document.querySelectorAll("a[data-exit]"), document.querySelector("[data-exit-said]"));
document.querySelectorAll("form[data-suggest]").forEach(suggest);
forgetOldPlaces();
forgetOld().catch(() => {});
