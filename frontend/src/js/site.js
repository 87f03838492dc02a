// On every page: the menu's manners, and the quick way out of private pages.
import { watchExit } from "./exit.js";
import { watchMenu } from "./menu.js";

watchMenu(document.querySelector("details.menu"));
watchExit(document.querySelector("a[data-exit]"));
