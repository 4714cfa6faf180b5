// Keys. Those of one letter can be switched off, for whoever speaks to their computer (WCAG 2.2, 2.1.4).

import * as changes from "./changes.js";
import { byId } from "./dom.js";
import * as list from "./list.js";

const KEPT = "jotline-keys";

export function start() {
  const on = byId("keys-on");
  on.checked = localStorage.getItem(KEPT) !== "off";
  on.addEventListener("change", () => localStorage.setItem(KEPT, on.checked ? "on" : "off"));
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("help").addEventListener("click", ({ target }) => target === byId("help") && byId("help").close());
  document.addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || byId("board").hidden) return;
  if (document.querySelector("dialog[open]")) return;
  const { target, key } = event;
  if (target.matches?.("input, textarea, select")) {
    if (key === "Escape" && target.closest(".add, .filters")) leave(target);
    if (key === "ArrowDown" && target.closest(".add, .filters")) take(event, () => list.move(1));
    return;
  }
  const inRow = target.matches?.(".todo .title") && list.focused();
  const plain = byId("keys-on").checked;
  if (key === "ArrowDown" || (plain && key === "j")) take(event, () => list.move(1));
  else if (key === "ArrowUp" || (plain && key === "k")) take(event, () => list.move(-1));
  else if (inRow && key === " ") take(event, () => changes.complete(inRow, inRow.status !== "done"));
  else if (inRow && key === "Delete") take(event, () => changes.remove(inRow));
  else if (plain && key === "n") take(event, () => byId("words").focus());
  else if (plain && key === "/") take(event, () => byId("search").focus());
  else if (plain && key === "u") take(event, () => changes.undo());
  else if (plain && key === "?") take(event, () => byId("help").showModal());
}

function take(event, work) {
  event.preventDefault();
  work();
}

/** Escape empties the field first, then gives it back. */
function leave(field) {
  if (!field.value) {
    field.blur();
    return;
  }
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A button is pressed when the space bar comes up again: in a row it has meant "done" already.
document.addEventListener("keyup", (event) => event.key === " " && event.target.matches?.(".todo .title") && event.preventDefault());
