/* The tables of what is not yet reported: one tick for the whole page, how many are ticked,
   and a button that copies the names. Without this script the ticks and 催办全部 work, and
   the names can be marked and copied by hand. */
"use strict";

(function () {
  const form = document.querySelector("[data-ticks]");
  if (form) ticks(form);
  for (const button of document.querySelectorAll("[data-copy]")) copies(button);

  function ticks(form) {
    const boxes = [...form.querySelectorAll("input[name=row]")];
    const head = form.querySelector("[data-all]");
    const count = form.querySelector("[data-ticked]");
    if (!head || !boxes.length) return;
    const all = head.querySelector("input");
    head.hidden = false;

    function show() {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.classList.toggle("fz-tick--some", ticked > 0 && ticked < boxes.length);
      count.textContent = ticked + "项";
      count.hidden = !ticked;
      for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
    }

    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
    form.addEventListener("change", show);
    show();
  }

  function copies(button) {
    const text = document.getElementById(button.dataset.copy);
    const say = document.querySelector("[data-copied]");
    button.hidden = false;

    button.addEventListener("click", async () => {
      let isCopied = false;
      try {
        // Only there over HTTPS: many intranets have none.
        await navigator.clipboard.writeText(text.value);
        isCopied = true;
      } catch {
        text.focus();
        text.select();
        isCopied = document.execCommand("copy");
      }
      say.textContent = isCopied ? "已复制。" : "名单已选中，请按Ctrl+C复制。";
    });
  }
})();
