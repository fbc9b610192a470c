/* Keys of the review desk, outside of fields only: J next, K previous, A accept, R return. */
"use strict";

(function () {
  const desk = document.querySelector("[data-review]");
  if (!desk) return;

  const keys = {
    j: () => desk.dataset.next && window.location.assign(desk.dataset.next),
    k: () => desk.dataset.previous && window.location.assign(desk.dataset.previous),
    a: () => {
      const accept = desk.querySelector("[data-accept]");
      if (accept) accept.requestSubmit();
    },
    r: () => {
      const reason = desk.querySelector("#return input[type=radio], #return textarea");
      if (reason) reason.focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Focus follows the link to the return form, so that a keyboard goes on from there.
  const link = desk.querySelector("[data-return]");
  if (link) link.addEventListener("click", (event) => {
    event.preventDefault();
    keys.r();
  });

  const current = desk.querySelector(".fz-queue [aria-current]");
  if (current) current.scrollIntoView({ block: "nearest" });
})();
