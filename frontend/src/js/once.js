/**
 * Sends a form once, however often its button is pressed.
 * @param {HTMLFormElement} form with data-busy
 */
export function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // Not the disabled attribute: a disabled button's own name and value would not be sent.
    form.querySelectorAll("button, input[type=submit]").forEach((button) => {
      button.setAttribute("aria-disabled", "true");
    });
  });
  // Back from the browser's memory: it may be sent again.
  window.addEventListener("pageshow", () => {
    sent = false;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  });
}
