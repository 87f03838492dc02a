// For the pages on which someone tells their story or looks after it. Each part improves a form
// that already works by itself.
import { saveAsTyped } from "./autosave.js";
import { offerCopy } from "./copy.js";
import { sendOnce } from "./once.js";
import { keepFresh } from "./refresh.js";
import { showUpload } from "./upload.js";

/** @param {ParentNode} root the page, or the part of it that was just replaced */
function improve(root) {
  root.querySelectorAll("form[data-autosave]").forEach(saveAsTyped);
  root.querySelectorAll("form[data-upload]").forEach((form) => showUpload(form, improve));
  root.querySelectorAll("form[data-busy]").forEach(sendOnce);
  root.querySelectorAll("[data-copy]").forEach(offerCopy);
  root.querySelectorAll("[data-refresh]").forEach((part) => keepFresh(part, improve));
}

improve(document);
