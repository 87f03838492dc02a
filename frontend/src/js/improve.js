// Each part improves a form, or a page of one's own, that already works by itself.
import { saveAsTyped } from "./autosave.js";
import { offerCopy } from "./copy.js";
import { forgetAll } from "./keep.js";
import { sendOnce } from "./once.js";
import { keepFresh } from "./refresh.js";

/** @param {ParentNode} root the page, or the part of it that was just replaced */
export function improve(root) {
  root.querySelectorAll("form[data-autosave]").forEach(saveAsTyped);
  root.querySelectorAll("form[data-busy]").forEach(sendOnce);
  root.querySelectorAll("[data-copy]").forEach(offerCopy);
  root.querySelectorAll("[data-refresh]").forEach((part) => keepFresh(part, improve));
  if (root.querySelector("[data-forget-recordings]")) forgetAll();
}
