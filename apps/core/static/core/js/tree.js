"use strict";
/* A tree of nested details: arrow keys move the focus as in a file manager. Without this
   script each heading and each link is reached with the tab key. */
(() => {
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;
  document.querySelector("[data-tree-keys]").hidden = false;

  const all = [...tree.querySelectorAll("summary, a")];
  // A heading belongs to the part around its own. Boxes tell nothing: some browsers lay out
  // what stands in a closed part, too.
  const around = (entry) => (entry.tagName === "SUMMARY" ? entry.parentElement.parentElement : entry);
  const shown = () => all.filter((each) => !around(each).closest("details:not([open])"));

  function rove(to) {
    if (!to) return;
    for (const each of all) each.tabIndex = each === to ? 0 : -1;
    to.focus();
  }

  function outer(entry) {
    const above = around(entry).closest("details");
    return above ? above.querySelector("summary") : null;
  }

  for (const each of all) each.tabIndex = -1;
  if (all.length) all[0].tabIndex = 0;

  tree.addEventListener("focusin", (event) => {
    if (all.includes(event.target)) for (const each of all) each.tabIndex = each === event.target ? 0 : -1;
  });

  tree.addEventListener("keydown", (event) => {
    const entry = event.target.closest("summary, a");
    if (!entry || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = shown();
    const place = rows.indexOf(entry);
    const part = entry.tagName === "SUMMARY" ? entry.parentElement : null;
    const moves = {
      ArrowDown: () => rove(rows[place + 1]),
      ArrowUp: () => rove(rows[place - 1]),
      Home: () => rove(rows[0]),
      End: () => rove(rows[rows.length - 1]),
      ArrowRight: () => {
        if (part && !part.open) part.open = true;
        else if (part) rove(rows[place + 1]);
      },
      ArrowLeft: () => {
        if (part && part.open) part.open = false;
        else rove(outer(entry));
      },
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });
})();
