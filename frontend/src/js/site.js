// On every page: the menu's manners, suggestions, the quick way out, and that recordings
// which were made on this device and never sent don't stay there.
import { watchExit } from "./exit.js";
import { forgetOld } from "./keep.js";
import { watchMenu } from "./menu.js";
import { suggest } from "./suggest.js";

watchMenu(document.querySelector("details.menu"));
watchExit(document.querySelectorAll("a[data-exit]"), document.querySelector("[data-exit-said]"));
document.querySelectorAll("form[data-suggest]").forEach(suggest);
forgetOld().catch(() => {});
