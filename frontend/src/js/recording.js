// In the place of form.js on the one page on which a recording is made or chosen.
import { improve } from "./improve.js";
import { showUpload } from "./upload.js";

function improveAll(root) {
  improve(root);
  root.querySelectorAll("form[data-upload]").forEach((form) => showUpload(form, improveAll));
}

improveAll(document);
