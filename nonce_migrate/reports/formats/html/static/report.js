// The report is complete without this; it adds search, sorting and a memory for the checklist.
(() => {
  "use strict";

  const PAGE = 100; // findings shown at a time
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  const soon = (action) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, 80);
    };
  };

  // Storage may be missing or forbidden (file:, private windows): then ticks last for the visit.
  const memory = {
    read(key) {
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        return Array.isArray(kept) ? kept : [];
      } catch {
        return [];
      }
    },
    write(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Nothing can be kept here.
      }
    },
  };

  function findings() {
    const table = $("list");
    if (!table) return;
    const form = $("filters");
    const more = $("more");
    const selects = all("select", form);
    const rows = [...table.tBodies].map((body, index) => ({
      body,
      index,
      choices: body.dataset.c.split(" "),
      text: null,
      isShown: body.classList.contains("shown"),
    }));
    let order = rows;
    let limit = PAGE;

    const textOf = (row) => (row.text ??= row.body.textContent.toLowerCase());

    function matching() {
      const wanted = selects.map((select) => select.value);
      const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
      return order.filter(
        (row) =>
          wanted.every((value, n) => !value || row.choices[n] === value) &&
          words.every((word) => textOf(row).includes(word)),
      );
    }

    function update() {
      const matches = matching();
      const first = matches.slice(0, limit);
      const visible = new Set(first);
      for (const row of rows) {
        const isShown = visible.has(row);
        if (isShown !== row.isShown) row.body.classList.toggle("shown", isShown);
        row.isShown = isShown;
      }
      table.tHead.after(...first.map((row) => row.body)); // the order of the others is not seen
      const of = matches.length < rows.length ? ` of ${rows.length.toLocaleString("en")}` : "";
      const part = matches.length > limit ? `, the first ${limit} shown` : "";
      $("matches").textContent = `${count(matches.length, "finding")}${of}${part}`;
      more.hidden = matches.length <= limit;
    }

    function restart() {
      limit = PAGE;
      update();
    }

    const search = soon(restart);
    $("search").addEventListener("input", search);
    selects.forEach((select) => select.addEventListener("change", restart));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(restart));
    more.addEventListener("click", () => {
      const next = matching()[limit];
      limit += PAGE;
      update();
      next?.body.querySelector("button, a")?.focus();
    });

    addEventListener("beforeprint", () => {
      limit = Infinity;
      update();
    });
    addEventListener("afterprint", restart);

    table.addEventListener("click", (event) => {
      const button = event.target.closest("td.fold button");
      if (!button) return;
      const isOpen = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", isOpen);
      button.closest("tbody").classList.toggle("open", isOpen);
    });

    sorting(table, rows, (sorted) => {
      order = sorted;
      restart();
    });
    update();
  }

  function sorting(table, rows, show) {
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const heads = all("th[data-sort]", table);
    const cell = (row, column) => row.body.rows[0].cells[column].textContent;
    const place = (row) => row.index;
    const rank = (number) => (row) => Number(row.choices[number]);
    const keys = { place, level: rank(2), fate: rank(3) };
    for (const head of heads) {
      head.dataset.label = head.textContent; // printed heads are repeated, but for buttons in them
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const isDown = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        const key = keys[head.dataset.sort] ?? ((row) => cell(row, head.cellIndex));
        const keyed = rows.map((row) => [key(row), row]);
        const sign = isDown ? -1 : 1;
        const by = typeof keyed[0][0] === "number" ? (a, b) => a - b : compare;
        keyed.sort((a, b) => sign * by(a[0], b[0]) || a[1].index - b[1].index);
        show(keyed.map((pair) => pair[1]));
      });
    }
  }

  function checklist() {
    const list = $("checklist");
    if (!list) return;
    const key = `nonce-migrate:${list.dataset.key}`;
    const boxes = all("input[type=checkbox]", list);
    const kept = new Set(memory.read(key));

    function update() {
      const done = boxes.filter((box) => box.checked);
      $("ticked").textContent = `${done.length.toLocaleString("en")} of ${boxes.length.toLocaleString("en")} done`;
      return done;
    }

    boxes.forEach((box) => (box.checked = kept.has(box.dataset.key)));
    list.addEventListener("change", () =>
      memory.write(key, update().map((box) => box.dataset.key)),
    );
    $("hide-done").checked = false;
    $("hide-done").addEventListener("change", (event) =>
      list.classList.toggle("hide-done", event.target.checked),
    );
    update();
  }

  function changes() {
    const search = $("file-search");
    if (!search) return;
    const files = all("details.file").map((box) => ({
      box,
      name: box.querySelector("summary code").textContent.toLowerCase(),
    }));
    const shown = () => files.filter((file) => !file.box.hidden);
    search.addEventListener(
      "input",
      soon(() => {
        const wanted = search.value.toLowerCase().trim();
        files.forEach((file) => (file.box.hidden = !file.name.includes(wanted)));
        $("files-shown").textContent = count(shown().length, "file");
      }),
    );
    $("open-all").addEventListener("click", () => shown().forEach((file) => (file.box.open = true)));
    $("close-all").addEventListener("click", () => files.forEach((file) => (file.box.open = false)));
  }

  // A link to a file opens it, and goes to the line where the report shows it.
  function links() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#file-"]');
      const file = link && $(link.hash.slice(1));
      if (!file) return;
      file.hidden = false;
      file.open = true;
      const line = file.querySelector(`td:first-child[data-n="${link.dataset.line}"]`);
      if (!line) return;
      event.preventDefault();
      const fold = line.closest("details.fold");
      if (fold) fold.open = true;
      all(".aimed").forEach((other) => other.classList.remove("aimed"));
      line.parentElement.classList.add("aimed");
      history.replaceState(null, "", link.hash);
      file.querySelector("summary").focus({ preventScroll: true });
      line.scrollIntoView({ block: "center" });
    });
  }

  function keys() {
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const search = $("search");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
      search.scrollIntoView({ block: "center" });
    });
  }

  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () =>
    [findings, checklist, changes, links, keys].forEach((start) => start()),
  );
})();
