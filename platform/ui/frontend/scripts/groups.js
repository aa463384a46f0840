// Alert groups: ticking one puts its people in the typeahead, unticking takes out those no other ticked group holds.
import { typeaheads } from "./typeahead.js";

const groupsOf = new Map(); // typeahead -> [{tick, members}], over every row of buttons beneath it

export function startGroups(fieldset) {
  const typeahead = typeaheads.get(fieldset.dataset.for);
  if (!typeahead) return; // the plain list: the server adds the members
  const groups = [...fieldset.querySelectorAll("input[data-members]")].map((tick) => ({
    tick,
    members: JSON.parse(tick.dataset.members),
  }));
  groupsOf.set(typeahead, [...(groupsOf.get(typeahead) ?? []), ...groups]);

  for (const group of groups) {
    group.tick.removeAttribute("name"); // people are posted, not groups, so that one of them can be taken out
    group.tick.checked = isWhole(group, typeahead);
    group.tick.addEventListener("change", () => {
      if (group.tick.checked) putIn(group, typeahead);
      else takeOut(group, typeahead);
      typeahead.rows.announce(fieldset.dataset.sayCount.replace("%s", typeahead.rows.all.length));
    });
  }
  typeahead.root.addEventListener("ui:chosen", () => {
    for (const group of groups) group.tick.checked &&= isWhole(group, typeahead);
  });
}

function putIn({ tick, members }, typeahead) {
  members.forEach((person) => typeahead.add(person));
  tick.checked = true; // it was not whole while they were added
}

function takeOut({ tick, members }, typeahead) {
  const others = groupsOf.get(typeahead).filter((group) => group.tick !== tick && group.tick.checked);
  const kept = new Set(others.flatMap((group) => group.members.map(({ ref }) => ref)));
  members.filter(({ ref }) => !kept.has(ref)).forEach(({ ref }) => typeahead.remove(ref));
}

function isWhole({ members }, typeahead) {
  return members.length > 0 && members.every(({ ref }) => typeahead.has(ref));
}
