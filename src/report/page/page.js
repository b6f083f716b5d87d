"use strict";
// Tables that sort, search and show their first rows. Without this script they are whole.
for (const box of document.querySelectorAll(".live")) {
  const SHOWN = 25;
  const PRINTED = 50;
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const input = box.querySelector("input");
  const found = box.querySelector(".found");
  const more = box.querySelector(".more");
  const texts = new Map(rows.map((row) => [row, row.textContent.toLocaleLowerCase()]));
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  let whole = false;

  // Which of the rows, in their order of now, are seen and printed.
  const show = () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let matching = 0;
    for (const row of body.rows) {
      const text = texts.get(row);
      const fits = words.every((word) => text.includes(word));
      row.classList.toggle("out", !fits);
      row.classList.toggle("late", fits && !whole && matching >= SHOWN);
      row.classList.toggle("beyond", fits && matching >= PRINTED);
      matching += fits ? 1 : 0;
    }
    found.textContent = found.dataset.text
      .replace("{n}", matching.toLocaleString("en"))
      .replace("{all}", rows.length.toLocaleString("en"));
    more.hidden = matching <= SHOWN;
    more.textContent = whole ? more.dataset.less : more.dataset.more;
    more.setAttribute("aria-expanded", String(whole));
  };

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
  };
  const sort = (column, head) => {
    const number = head.classList.contains("n");
    const now = head.getAttribute("aria-sort");
    // Numbers are first sorted from the largest down.
    const first = number ? "descending" : "ascending";
    const second = number ? "ascending" : "descending";
    const order = now === first ? second : first;
    const sign = order === "ascending" ? 1 : -1;
    const missing = (value) => value === "" || value === "–";
    const keyed = rows.map((row, at) => [key(row, column), at, row]);
    keyed.sort(([a, i], [b, j]) => {
      const gone = missing(a) - missing(b);
      if (gone !== 0) return gone;
      const compared = typeof a === "number" && typeof b === "number"
        ? a - b : collator.compare(String(a), String(b));
      return sign * compared || i - j;
    });
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    body.append(...keyed.map(([, , row]) => row));
    show();
  };

  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => sort(column, head));
  });
  input.addEventListener("input", show);
  more.addEventListener("click", () => {
    whole = !whole;
    show();
  });
  body.classList.add("scripted");
  box.querySelector(".tools").hidden = false;
  show();
}
