
"use strict";
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0], rows = [...body.rows];
  const key = (row, i) => row.cells[i].dataset.key ?? row.cells[i].textContent;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(h => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = new Intl.Collator(undefined, {numeric: true});
      const sorted = [...rows].sort((a, b) => order.compare(key(a, i), key(b, i)) * (down ? -1 : 1));
      body.append(...sorted);
    });
  });
  const input = document.querySelector(`input[data-table="${table.id}"]`);
  const tools = input.closest(".tools"), count = tools.querySelector("output");
  const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every(w => texts.get(row).includes(w));
      shown += !row.hidden;
    }
    count.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
  };
  input.addEventListener("input", filter);
  filter();
  tools.hidden = rows.length < 2;
}
