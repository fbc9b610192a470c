/* Sends files one at a time while the words are still being typed.
   Pictures wider or higher than 2000 px are made smaller here, so that a phone's photo
   does not take a minute on a weak line. Posts the form's words and one `files` field to
   data-upload-url, because the server keeps the whole draft; it answers
   {files: [{id, name, size_label, remove_url, preview_url}], errors: ["name：sentence"]}.
   Without this script the plain file input goes with the form. */
"use strict";

(function () {
  const form = document.getElementById("report");
  const pick = form && form.querySelector("[data-pick]");
  const submit = document.querySelector("[data-submit]");
  if (!form || !submit) return;

  const EDGE = 2000; // px; enough to read a page of minutes on paper
  const JPEG = 0.85;
  const NS = "http://www.w3.org/2000/svg";
  const list = form.querySelector("[data-list]");
  const label = submit.textContent.trim();
  const missing = document.querySelector("[data-missing]");
  const waiting = [];
  let running = null;

  // ---- the submit button says what is missing --------------------------------
  function isEmpty(field) {
    return Boolean(field) && !field.value.trim();
  }

  function lacks() {
    const names = [];
    const { activity_on: date, words, document_number: number } = form.elements;
    if (isEmpty(date)) names.push("日期");
    if (words && "wordsRequired" in form.dataset && isEmpty(words)) names.push("做了什么");
    const hasFile = Boolean(list && list.querySelector("[data-done]"));
    if ((number || list) && !hasFile && (!number || isEmpty(number))) names.push("佐证");
    return names;
  }

  function show() {
    const uploads = waiting.length + (running ? 1 : 0);
    const names = lacks();
    submit.setAttribute("aria-disabled", uploads ? "true" : "false");
    if (uploads) submit.textContent = uploads + "个文件还在上传";
    else submit.textContent = names.length ? "提交（还差" + names.length + "项）" : label;
    missing.textContent = names.length && !uploads ? "还差：" + names.join("、") : "";
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    const isDraft = event.submitter && event.submitter.hasAttribute("formaction");
    if (!isDraft && submit.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  show();
  if (!pick) return;

  // ---- one row of the list ---------------------------------------------------
  function svg(name, attributes, ...children) {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  function use(cls, symbol) {
    return svg("svg", { class: cls, "aria-hidden": "true" }, svg("use", { href: form.dataset.sprite + "#" + symbol }));
  }

  function part(tag, cls, ...children) {
    const node = document.createElement(tag);
    node.className = cls;
    node.append(...children);
    return node;
  }

  function row(name) {
    const item = part("li", "fz-file");
    const pic = part("span", "fz-file__pic", use("fz-ico fz-ico--s", "i-file"));
    const say = part("span", "fz-file__say", "等着上传");
    const button = part("button", "fz-btn fz-btn--quiet");
    button.type = "button";
    item.append(pic, part("span", "fz-file__name", name), say, button);
    list.append(item);
    const act = (word, run) => {
      button.textContent = word;
      button.setAttribute("aria-label", word + " " + name);
      button.onclick = run;
    };
    return { item, pic, say, act };
  }

  function progress(entry, percent) {
    if (!entry.bar) {
      entry.bar = svg("rect", { class: "ink", width: "0", height: "6" });
      entry.meter = svg("svg", { class: "fz-meter fz-meter--thin", viewBox: "0 0 100 6", preserveAspectRatio: "none", role: "img" },
        svg("rect", { class: "bg", width: "100", height: "6" }), entry.bar);
      entry.percent = part("span", "fz-num");
      entry.row.say.replaceChildren(entry.meter, entry.percent);
    }
    entry.bar.setAttribute("width", String(percent));
    entry.meter.setAttribute("aria-label", "已传 " + percent + "%");
    entry.percent.textContent = percent + "%";
  }

  function bad(entry, sentence) {
    const { row } = entry;
    row.item.classList.add("fz-file--bad");
    row.say.replaceChildren(use("fz-mark is-late", "m-late"), sentence);
    row.say.setAttribute("role", "alert");
    row.act("移除", () => drop(row.item));
  }

  function drop(item) {
    const next = item.nextElementSibling || item.previousElementSibling;
    const target = (next && next.querySelector("button")) || pick.querySelector("[data-open=files]");
    item.remove();
    target.focus();
    show();
  }

  async function remove(item, url, say) {
    try {
      const response = await fetch(url, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      drop(item);
    } catch {
      say.textContent = "没有移除，网络断了，过一会儿再试";
    }
  }

  function good(entry, file) {
    const { row } = entry;
    row.item.setAttribute("data-done", "");
    row.say.setAttribute("role", "status");
    row.say.replaceChildren(use("fz-mark is-done", "m-done"), "已上传，" + file.size_label);
    row.item.querySelector(".fz-file__name").textContent = file.name;
    if (file.preview_url) {
      const image = new Image(48, 48);
      image.alt = "";
      image.src = file.preview_url;
      row.pic.replaceChildren(image);
    }
    row.act("移除", () => remove(row.item, file.remove_url, row.say));
  }

  // ---- making pictures smaller -----------------------------------------------
  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file; // a kind this browser cannot draw: the server decides
    }
    const scale = EDGE / Math.max(picture.width, picture.height);
    if (scale >= 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // JPEG knows no transparency
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", JPEG));
    if (!blob) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }

  // ---- one upload at a time --------------------------------------------------
  function upload(entry, file) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      entry.request = request;
      const body = new FormData(form);
      body.set("files", file, file.name);
      request.open("POST", form.dataset.uploadUrl);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) progress(entry, Math.round((event.loaded / event.total) * 100));
      };
      request.onload = () => {
        answer(entry, request);
        done();
      };
      request.onerror = () => {
        bad(entry, "没有上传：网络断了。连上后请再选一次。");
        done();
      };
      request.onabort = () => {
        drop(entry.row.item);
        done();
      };
      request.send(body);
    });
  }

  function answer(entry, request) {
    let result = null;
    try {
      result = JSON.parse(request.responseText);
    } catch {
      result = null; // a page instead of an answer: signed out, too large for the proxy, or a fault
    }
    if (result && result.files && result.files.length) good(entry, result.files[0]);
    else if (result && result.errors && result.errors.length) bad(entry, result.errors[0].replace(entry.file.name + "：", ""));
    else if (result) bad(entry, "没有上传：这份填报已经提交，请回到本期任务查看。");
    else if (request.status === 413) bad(entry, "没有上传：文件太大。");
    else if (request.status === 403 || request.status === 200) bad(entry, "没有上传：登录过期了，请另开一页登录后再选。");
    else bad(entry, "没有上传：过一会儿再选一次。");
  }

  async function next() {
    if (running || !waiting.length) return;
    running = waiting.shift();
    show();
    const entry = running;
    if (!entry.isStopped) {
      const file = await smaller(entry.file);
      if (!entry.isStopped) {
        progress(entry, 0);
        await upload(entry, file);
      }
    }
    running = null;
    show();
    next();
  }

  function stop(entry) {
    entry.isStopped = true;
    if (entry.request) {
      entry.request.abort();
      return;
    }
    const place = waiting.indexOf(entry);
    if (place >= 0) waiting.splice(place, 1);
    drop(entry.row.item);
  }

  function take(files) {
    for (const file of files) {
      const entry = { file, row: row(file.name), request: null, isStopped: false };
      entry.row.act("停止", () => stop(entry));
      waiting.push(entry);
    }
    show();
    next();
  }

  // ---- taking over from the plain input --------------------------------------
  const plain = form.querySelector("[data-plain]");
  plain.hidden = true;
  plain.querySelector("input").disabled = true;
  pick.hidden = false;
  for (const kind of ["camera", "files"]) {
    const input = pick.querySelector("[data-" + kind + "]");
    pick.querySelector("[data-open=" + kind + "]").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
  }
  for (const item of list.querySelectorAll("[data-done]")) {
    const button = item.querySelector("[data-remove]");
    if (!button) continue; // a file of the version before, not yet in this draft
    button.addEventListener("click", (event) => {
      event.preventDefault();
      remove(item, button.getAttribute("formaction"), item.querySelector(".fz-file__say"));
    });
  }
})();
