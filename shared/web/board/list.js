// The list: a section for each part of it and a row for each todo. A row that did not change is left alone, one that moved keeps the
// focus, so that a change from elsewhere disturbs nobody.

import { byId, element, say } from "./dom.js";
import * as edit from "./edit.js";
import { facts, fill } from "./row.js";
import * as tasks from "./tasks.js";
import { sayLongDay, today } from "./time.js";

const list = byId("list");
const parts = new Map(); // section id -> its elements
const rows = new Map(); // todo id -> { node, shown }
let filter = { words: "", tag: null };
let doneShown = false;

export function setFilter(fields) {
  filter = { ...filter, ...fields };
  render();
}
export const getFilter = () => filter;

/** Every word of the search in title, note or tags, `#tag` for a tag alone. */
function fits(todo) {
  if (filter.tag && !todo.tags.includes(filter.tag)) return false;
  const text = `#${todo.number} ${todo.title} ${todo.description} ${todo.tags.map((tag) => `#${tag}`).join(" ")}`.toLowerCase();
  return filter.words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function render() {
  const focused = document.activeElement;
  const held = focused?.closest?.(".todo");
  const beside = held ? [neighbour(held, 1), neighbour(held, -1)] : [];
  const wanted = tasks.sections(fits).filter(({ id, todos }) => todos.length || (id === "today" && !isFiltered()));
  const seen = new Set(wanted.flatMap(({ todos }) => todos.map(({ id }) => id)));
  for (const [id, { node }] of rows) if (!seen.has(id)) (node.remove(), rows.delete(id));
  for (const [id, { node }] of parts) if (!wanted.some((section) => section.id === id)) (node.remove(), parts.delete(id));
  place(list, [...wanted.map(section), nothing(wanted)].filter(Boolean));
  if (held && !list.contains(document.activeElement))
    [focused, ...beside, list].find((one) => one?.isConnected && one.offsetParent)?.focus({ preventScroll: true });
  heading();
}

const isFiltered = () => Boolean(filter.words || filter.tag);

function section({ id, title, date, todos, day }) {
  if (!parts.has(id)) parts.set(id, made(id));
  const { node, head, dated, count, items, more } = parts.get(id);
  say(head, title);
  say(dated, date ?? "");
  say(count, todos.length > 1 || id === "done" ? String(todos.length) : "");
  const closed = id === "done" && !doneShown && !isFiltered();
  items.hidden = closed;
  if (more) {
    more.setAttribute("aria-expanded", String(!closed));
    more.hidden = isFiltered();
    say(more, closed ? "Show" : "Hide");
  }
  place(items, todos.length ? todos.map((todo) => row(todo, day)) : [free()]);
  return node;
}

function made(id) {
  const head = element("span");
  const dated = element("span", { class: "dated" });
  const count = element("span", { class: "count", "aria-hidden": "true" });
  const items = element("ul", { class: "todos", role: "list", "aria-labelledby": `head-${id}` });
  const more =
    id === "done" &&
    element("button", {
      type: "button",
      class: "quiet more",
      "aria-controls": "items-done",
      on: { click: () => ((doneShown = !doneShown), render()) },
    });
  if (id === "done") items.id = "items-done";
  const node = element("section", {
    class: `part ${id.startsWith("day-") ? "upcoming" : id}`,
    "aria-labelledby": `head-${id}`,
    children: [
      element("div", { class: "part-head", children: [element("h2", { id: `head-${id}`, children: [head, " ", dated] }), count, more] }),
      items,
    ],
  });
  return { node, head, dated, count, items, more };
}

const free = () =>
  element("li", { class: "free", text: tasks.open().length ? "Nothing more today." : "Nothing to do. Add something above, or text it." });

function nothing(wanted) {
  if (!isFiltered() || wanted.length) return null;
  return element("p", { class: "free", text: filter.words ? `Nothing fits "${filter.words}".` : `Nothing is tagged #${filter.tag}.` });
}

/** Let `parent` hold exactly these nodes in this order, moving as few as possible. */
function place(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
}

function row(todo, day) {
  const known = rows.get(todo.id) ?? { node: element("li", { class: "todo", "data-id": todo.id }), shown: "" };
  rows.set(todo.id, known);
  if (edit.isOpen(todo.id)) {
    edit.refresh(todo);
    known.shown = "";
    return known.node;
  }
  const shown = JSON.stringify([todo, day, facts(todo, day).map(({ text }) => text)]);
  if (shown !== known.shown) fill(known.node, todo, day, () => openEditor(todo.id));
  known.shown = shown;
  return known.node;
}

function heading() {
  const found = tasks.sections(() => true);
  const count = (id) => found.find((one) => one.id === id)?.todos.length ?? 0;
  say(byId("day"), sayLongDay(today()));
  const said = [
    [count("overdue"), "overdue"],
    [count("today"), "today"],
    [tasks.doneToday(), "done today"],
  ]
    .filter(([many]) => many)
    .map(([many, what]) => `${many} ${what}`);
  say(byId("summary"), said.join(", ") || "Nothing today");
  document.title = count("overdue") + count("today") ? `(${count("overdue") + count("today")}) Jotline` : "Jotline";
}

const titles = () =>
  [...list.querySelectorAll(".todo .title, .todo form.edit input[name=title]")].filter((one) => one.offsetParent !== null);

function neighbour(node, step) {
  const every = titles();
  const at = every.findIndex((one) => node.contains(one));
  return every[at + step];
}

/** Move the focus to the next row, or the one before. */
export function move(step) {
  const every = titles();
  const at = every.findIndex((one) => one.closest(".todo").contains(document.activeElement));
  every[at < 0 ? (step > 0 ? 0 : every.length - 1) : Math.max(0, Math.min(every.length - 1, at + step))]?.focus();
}

/** The todo whose row has the focus. */
export const focused = () => tasks.get(document.activeElement?.closest?.(".todo")?.dataset.id);

export function openEditor(id) {
  const known = rows.get(id);
  if (known)
    edit.open(
      tasks.get(id),
      known.node,
      () => ((known.shown = ""), render(), known.node.querySelector(".title")?.focus({ preventScroll: true })),
    );
}
