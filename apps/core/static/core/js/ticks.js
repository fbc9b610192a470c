/* A table whose rows can be ticked and typed into: says how many are ticked, ticks all, unticks
   all, and asks before a link leads away from typed words that were not saved.
   Without this script the ticks and the buttons work the same, only uncounted. */
"use strict";

(function () {
  const form = document.querySelector("[data-ticks]");
  const all = form && form.querySelector("[data-tick-all]");
  if (!form) return;

  const ticks = Array.from(form.querySelectorAll("input[name=pick]"));
  const none = form.querySelector("[data-tick-none]");
  const said = Array.from(form.querySelectorAll("[data-tick-say], [data-tick-label]"));
  const plain = new Map(said.map((each) => [each, each.textContent]));

  function show() {
    const count = ticks.filter((tick) => tick.checked).length;
    said.forEach((each) => {
      const words = each.dataset.tickSay || each.dataset.tickLabel;
      each.textContent = count ? words.replace("{n}", count) : plain.get(each);
    });
    ticks.forEach((tick) => tick.closest("tr").classList.toggle("is-picked", tick.checked));
    if (none) none.hidden = count === 0;
    if (all) {
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
      all.classList.toggle("fz-tick--some", all.indeterminate);
    }
  }

  function setAll(checked) {
    ticks.forEach((tick) => { tick.checked = checked; });
    show();
  }

  if (all) {
    all.hidden = ticks.length === 0;
    all.addEventListener("change", () => setAll(all.checked));
  }
  if (none) none.addEventListener("click", () => setAll(false));
  form.addEventListener("change", (event) => event.target.name === "pick" && show());

  let isTyped = false;
  form.addEventListener("input", (event) => {
    isTyped = isTyped || event.target.type !== "checkbox";
  });
  form.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isTyped) return;
    event.preventDefault();
    event.returnValue = "";  // Chromium before 119 asks only for this
  });
  show();
})();
