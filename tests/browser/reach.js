// What a page loses as it stands now; `said` is how it stands. Needs nothing but the page.
(said) => {
  const root = document.documentElement;
  const found = new Set();
  const name = (element) => {
    const words = element.innerText?.trim().replace(/\s+/g, " ").slice(0, 50) ?? "";
    return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> ${words}`;
  };
  const above = (element) => {
    const all = [];
    for (let each = element; each && each !== document.body; each = each.parentElement)
      all.push(each);
    return all;
  };
  const flow = (element) => getComputedStyle(element);
  const shown = [...document.body.querySelectorAll("*")].filter(
    (each) =>
      each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      !each.closest(".unseen, .visually-hidden, .skip, svg, option"),
  );

  if (root.scrollWidth > root.clientWidth) {
    const wide = shown.filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1);
    found.add(`it scrolls sideways: ${wide.map(name).slice(-3).join("; ")}`);
  }
  const hides = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";
  for (const each of shown) {
    const { display, overflowX, overflowY } = flow(each);
    if (!each.innerText?.trim() || display === "inline") continue;
    const across = each.scrollWidth > each.clientWidth + 1;
    const down = each.scrollHeight > each.clientHeight + 1;
    if (scrolls(overflowX) && across) found.add(`part of it scrolls sideways: ${name(each)}`);
    if ((hides(overflowX) && across) || (hides(overflowY) && down))
      found.add(`cut off: ${name(each)}`);
  }

  // Every line of words, without what is meant to lie over others or is scrolled away.
  const over = (each) =>
    each.closest(".menu-sheet") ||
    above(each).some((one) => ["fixed", "sticky"].includes(flow(one).position));
  const away = (each, box) =>
    above(each).some((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return (box.top >= bottom - 2 || box.bottom <= top + 2) && scrolls(flow(one).overflowY);
    });
  const lines = [];
  const holders = new Set(shown);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !holders.has(holder) || over(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      const slack = box.height / 4; // letters fill the middle of a line
      if (box.width > 1 && !away(holder, box))
        lines.push({ holder, box, top: box.top + slack, bottom: box.bottom - slack });
    }
  }
  lines.sort((one, other) => one.top - other.top);
  lines.forEach((one, at) => {
    for (const other of lines.slice(at + 1)) {
      if (other.top >= one.bottom) break;
      const left = Math.max(one.box.left, other.box.left);
      if (Math.min(one.box.right, other.box.right) - left > 2 && one.holder !== other.holder)
        found.add(`one over the other: ${name(one.holder)} and ${name(other.holder)}`);
    }
  });
  return [...found].map((each) => `${said}: ${each}`);
};
