// Adds a box that narrows the list of LEAs. The page is complete without it.
(() => {
  const list = document.getElementById("leas");
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const text = (row) => plain(Array.from(row.cells, (cell) => cell.textContent).join(" "));
  const rows = Array.from(list.tBodies[0].rows, (row) => [row, text(row)]);
  const box = document.createElement("p");
  box.className = "filter";
  const label = document.createElement("label");
  label.htmlFor = "lea-filter";
  label.textContent = "Show those with: ";
  const input = document.createElement("input");
  input.type = "search";
  input.id = "lea-filter";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, wordsOf] of rows) {
      row.hidden = !words.every((word) => wordsOf.includes(word));
      shown += !row.hidden;
    }
    said.textContent = words.length ? ` ${shown} of ${rows.length}` : "";
  });
  box.append(label, input, said);
  list.parentElement.before(box);
})();
