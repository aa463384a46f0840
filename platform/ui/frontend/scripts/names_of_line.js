// Suggests a name after each comma of a line of names; by itself a browser suggests for a whole line.
export function startNamesOfLine() {
  document.querySelectorAll("datalist[data-names]").forEach((list) => {
    const line = document.querySelector(`input[list="${CSS.escape(list.id)}"]`);
    const names = [...list.options].map((option) => option.value);
    line?.addEventListener("input", () => suggest(list, names, line.value));
  });
}

function suggest(list, names, typed) {
  const comma = typed.lastIndexOf(",") + 1;
  const before = comma ? `${typed.slice(0, comma).trimEnd()} ` : "";
  const said = before.split(",").map((name) => name.trim().toLowerCase());
  [...list.options].forEach((option, at) => {
    option.value = before + names[at];
    option.disabled = said.includes(names[at].toLowerCase());
  });
}
