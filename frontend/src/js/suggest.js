// A search box that offers what others look for and have said: a combobox as WAI-ARIA 1.2 has it.
// Without this it is a plain search box.
import { gettext } from "./language.js";

const PAUSE = 200; // milliseconds without a key, before anything is asked
const SHORTEST = 2;

/**
 * @param {HTMLFormElement} form with one search box; data-suggest says where to ask
 */
export function suggest(form) {
  const box = form.querySelector("input[type=search]");
  if (!box || navigator.connection?.saveData) return;
  const list = made("ul", { className: "suggestions", id: `${box.id}-suggestions`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Suggestions"));
  const said = made("p", { className: "unseen" });
  said.setAttribute("role", "status");
  box.after(list, said);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
    ["aria-haspopup", "listbox"],
  ])
    box.setAttribute(name, value);

  let typed = box.value;
  let timer;
  let asked;

  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
    box.value = option ? option.dataset.text : typed;
  }

  /** The next option, the one before, or the box itself between the last and the first. */
  function move(by) {
    const all = options();
    const places = all.length + 1;
    const at = all.indexOf(chosen()) + 1;
    choose(all[((at + by + places) % places) - 1]);
  }

  function show(texts, kinds) {
    list.replaceChildren(
      ...texts.map((text, number) => {
        const option = made("li", { id: `${list.id}-${number}` });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = text;
        option.append(
          made("span", { textContent: text }),
          made("span", { className: "what", textContent: kinds[number] }),
        );
        return option;
      }),
    );
    list.hidden = !texts.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) said.textContent = "";
    else said.textContent = texts.length === 1 ? "1 suggestion" : `${texts.length} suggestions`;
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const query = new URLSearchParams({ q: typed });
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal });
      if (!answer.ok) return close();
      const [, texts, kinds] = await answer.json();
      if (!signal.aborted && document.activeElement === box) show(texts, kinds);
    } catch {
      // Too slow, or away: who types can do without.
    }
  }

  box.addEventListener("input", () => {
    typed = box.value;
    if (typed.trim().length < SHORTEST) return close();
    asked?.abort();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") {
      box.value = typed;
      close();
    } else return;
    event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The box keeps the focus while an option is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    choose(option);
    form.requestSubmit();
  });
}

function made(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
