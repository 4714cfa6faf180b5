// The todos of whoever is signed in, as far as they are known here, and the order in which they are shown.

import { dayOf, isOver, moment, now, sayLongDay, today } from "./time.js";

const all = new Map(); // id -> todo, as the API writes it
const listeners = new Set();
const RANK = { urgent: 0, high: 1, medium: 2, low: 3 };

export const onChange = (listener) => listeners.add(listener);
const tell = () => listeners.forEach((listener) => listener());

export const get = (id) => all.get(id);
export const open = () => [...all.values()].filter(({ status }) => status === "open");

/** Take a todo as it is somewhere; false where a later version is known. */
export function put(...todos) {
  let taken = false;
  for (const todo of todos) {
    if ((all.get(todo.id)?.version ?? 0) > todo.version) continue;
    all.set(todo.id, todo);
    taken = true;
  }
  if (taken) tell();
  return taken;
}

/** Show a change before it is made; gives what takes it back. */
export function pretend(id, fields) {
  const before = all.get(id);
  const after = { ...before, ...fields };
  all.set(id, after);
  tell();
  return () => {
    if (all.get(id) !== after) return;
    all.set(id, before);
    tell();
  };
}

/** The list was read anew: `open` are all that are open, `done` the newest that are done. */
export function replace(openOnes, done) {
  const fresh = new Map([...openOnes, ...done].map((todo) => [todo.id, todo]));
  for (const [id, todo] of all) if ((fresh.get(id)?.version ?? 0) < todo.version && fresh.has(id)) fresh.set(id, todo);
  all.clear();
  for (const [id, todo] of fresh) all.set(id, todo);
  tell();
}

export function clear() {
  all.clear();
  tell();
}

/** Every tag of open todos, those of most todos first. */
export function tags() {
  const counts = new Map();
  for (const todo of open()) for (const tag of todo.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b)).map(([tag]) => tag);
}

const due = (todo) => moment(todo.due_date);
export const isOverdue = (todo) => todo.status === "open" && todo.due_date !== null && isOver(moment(todo.end_date) ?? due(todo));

/** Sections in the order of the page: { id, title, date, todos, day }. `fits` says which todos are wanted. */
export function sections(fits) {
  const wanted = open().filter(fits);
  const dated = wanted.filter((todo) => todo.due_date).sort(byDue);
  const overdue = dated.filter(isOverdue);
  const rest = dated.filter((todo) => !overdue.includes(todo));
  const soon = rest.filter((todo) => due(todo).day <= today());
  const later = new Map();
  for (const todo of rest) {
    const { day } = due(todo);
    if (day > today()) later.set(day, [...(later.get(day) ?? []), todo]);
  }
  const done = [...all.values()]
    .filter((todo) => todo.status === "done" && fits(todo))
    .sort((a, b) => b.completed_at.localeCompare(a.completed_at));
  return [
    { id: "overdue", title: "Overdue", todos: overdue, day: null },
    { id: "today", title: "Today", todos: soon, day: today() },
    ...[...later].map(([day, todos]) => ({ id: `day-${day}`, ...named(day), todos, day })),
    { id: "someday", title: "Someday", todos: wanted.filter((todo) => !todo.due_date).sort((a, b) => a.number - b.number), day: null },
    { id: "done", title: "Done", todos: done, day: null },
  ];
}

/** "Tomorrow" with its date; "Friday" with the rest of it. */
function named(day) {
  const said = sayLongDay(day);
  const weekday = said.split(" ", 1)[0];
  return day === today() + 1 ? { title: "Tomorrow", date: said } : { title: weekday, date: said.slice(weekday.length + 1) };
}

/** By day; of one day those with a time by it, then by priority and number. */
function byDue(a, b) {
  const [one, other] = [due(a), due(b)];
  if (one.day !== other.day) return one.day - other.day;
  if (one.at && other.at && one.at - other.at) return one.at - other.at;
  if (!one.at !== !other.at) return one.at ? -1 : 1;
  return RANK[a.priority] - RANK[b.priority] || a.number - b.number;
}

export const doneToday = () =>
  [...all.values()].filter((todo) => todo.status === "done" && todo.completed_at && dayOf(new Date(todo.completed_at)) === dayOf(now()))
    .length;
