// Words in the language of the page. A page in another language than English brings a catalogue
// (archive/languages/views.py) before these scripts; where it did not come, they speak English.

const catalogue = globalThis.django ?? {};

/** `words`, with each %(name)s replaced by values.name. */
export function gettext(words, values = {}) {
  return filled(catalogue.gettext?.(words) ?? words, values);
}

/** The same for a number of things; %(n)s is the number. */
export function ngettext(one, many, n, values = {}) {
  const words = catalogue.ngettext?.(one, many, n) ?? (n === 1 ? one : many);
  return filled(words, { n, ...values });
}

function filled(words, values) {
  return words.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
