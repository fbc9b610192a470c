/* Keeps what is typed in the report form as a draft on the server.
   Posts the form's words (not its files) to data-draft-url at most every five seconds
   and once more when the page goes out of sight; the server answers {saved, others},
   two sentences to show. Without this script 稍后再填 saves the same draft. */
"use strict";

(function () {
  const form = document.getElementById("report");
  if (!form) return;

  const EVERY = 5000; // the server's own limit for one draft
  const say = document.querySelector("[data-saved]");
  const others = document.querySelector("[data-others]");
  const sprite = form.dataset.sprite;
  let timer = null;
  let lastSent = 0;
  let isDirty = false;
  let isLeaving = false;
  let isExpired = false;

  function mark(symbol, cls) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("class", "fz-mark " + cls);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(ns, "use");
    use.setAttribute("href", sprite + "#" + symbol);
    svg.append(use);
    return svg;
  }

  function tell(symbol, cls, sentence) {
    say.replaceChildren(mark(symbol, cls), sentence);
  }

  function announce(sentence) {
    if (others.textContent.trim() === sentence) return;
    others.replaceChildren();
    if (!sentence) return;
    const alert = document.createElement("div");
    alert.className = "fz-alert is-soon";
    const words = document.createElement("div");
    words.className = "fz-alert__t";
    words.textContent = sentence;
    alert.append(mark("m-soon", "is-soon"), words);
    others.append(alert);
  }

  // A login in another tab gives a new token; the words on this page must survive it.
  function renewToken() {
    const found = document.cookie.match(/(?:^|; )(?:__Host-csrf|fz_csrf)=([^;]+)/);
    if (found) form.elements.csrfmiddlewaretoken.value = found[1];
  }

  function fields() {
    renewToken();
    const data = new FormData(form);
    data.delete("files");
    return data;
  }

  async function send(keepalive) {
    clearTimeout(timer);
    timer = null;
    if (!isDirty || isLeaving) return;
    isDirty = false;
    lastSent = Date.now();
    const data = fields();
    let response;
    try {
      response = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: data,
        keepalive,
        headers: { "X-Requested-With": "fetch", "X-CSRFToken": data.get("csrfmiddlewaretoken") },
      });
    } catch {
      tell("m-late", "is-late", "网络断了，写好的字还在这一页，连上后自动保存");
      later();
      return;
    }
    if (response.redirected || response.status === 401 || response.status === 403) {
      isExpired = true;
      tell("m-late", "is-late", "登录过期了，写好的字还在这一页，请另开一页登录");
      later();
    } else if (response.ok) {
      isExpired = false;
      const answer = await response.json();
      if (answer.refused) tell("m-late", "is-late", answer.refused);
      else if (!isDirty && answer.saved) tell("m-done", "is-done", answer.saved);
      announce(answer.others || "");
    } else {
      tell("m-late", "is-late", "草稿没有存上，过一会儿自动再存");
      later();
    }
  }

  function later() {
    isDirty = true;
    if (timer === null) timer = setTimeout(send, Math.max(0, EVERY - (Date.now() - lastSent)), false);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("online", () => send(false));
  window.addEventListener("pagehide", () => send(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  // Every submit carries the words itself; a draft on its way could arrive after it.
  form.addEventListener("submit", (event) => {
    renewToken();
    if (isExpired) event.preventDefault();
    if (!event.defaultPrevented) isLeaving = true;
  });
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });

  for (const counter of document.querySelectorAll("[data-count-of]")) {
    const words = document.getElementById(counter.dataset.countOf);
    const count = () => {
      counter.textContent = [...words.value.replace(/\s/g, "")].length + "字";
    };
    words.addEventListener("input", count);
    count();
  }

  for (const button of document.querySelectorAll("[data-fill]")) {
    const words = document.getElementById(button.dataset.fill);
    const previous = document.getElementById(button.dataset.from).content.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      // Adds to what is there: words already typed are never replaced.
      words.value = words.value.trim() ? words.value.trimEnd() + "\n" + previous : previous;
      words.dispatchEvent(new Event("input", { bubbles: true }));
      words.focus();
    });
  }
})();
