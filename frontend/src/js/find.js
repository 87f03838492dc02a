// A story to read: words are found in it. On pages with a recording player.js does the same.
import { setUpFind } from "./finding.js";

document.querySelectorAll("[data-find]").forEach((form) => setUpFind(form));
