// A todo's row: its circle, its title, what stands in the brackets of a text, and its number.

import * as changes from "./changes.js";
import { element, icon } from "./dom.js";
import * as tasks from "./tasks.js";
import { dayOf, instantOf, moment, now, sayClock, sayDay, sayDue } from "./time.js";

const CHECK = "m5 12.5 4.5 4.5L19 7.5";
const CROSS = "m7 7 10 10M17 7 7 17";
const PARTS = ["check", "title", "delete"]; // what of a row can have the focus

let usual = 0; // seconds before the due time at which this person is reminded anyway
let morning = 9; // the hour from which a reminder of a whole day counts
let chosen = () => {};

/** Called with a tag that was pressed. */
export const onTag = (listener) => (chosen = listener);

export function setReminder(seconds, clock) {
  const [hour, minute] = clock.split(":").map(Number);
  usual = seconds;
  morning = hour + minute / 60;
}

/** Show a todo in its row; `day`: the one that the heading above names. What had the focus keeps it. */
export function fill(node, todo, day, edit) {
  const active = document.activeElement;
  const which = node.contains(active) && PARTS.find((name) => active.classList.contains(name));
  const done = todo.status === "done";
  const fresh = node.childElementCount === 0;
  node.className = `todo ${todo.status} ${todo.priority}${tasks.isOverdue(todo) ? " late" : ""}${fresh ? " fresh" : ""}`;
  node.replaceChildren(
    button(
      "check",
      { role: "checkbox", "aria-checked": String(done), "aria-label": `Done: ${todo.title}`, tabindex: "-1" },
      () => changes.complete(todo, !done),
      icon(CHECK),
    ),
    what(todo, day, edit),
    element("div", {
      class: "end",
      children: [
        !done && element("span", { class: "number", text: `#${todo.number}`, title: "Its number, for texts" }),
        button("delete", { "aria-label": `Delete ${todo.title}`, tabindex: "-1" }, () => changes.remove(todo), icon(CROSS)),
      ],
    }),
  );
  if (which) node.querySelector(`.${which}`).focus({ preventScroll: true });
}

const button = (kind, attributes, click, ...children) =>
  element("button", { type: "button", class: kind, ...attributes, children, on: { click } });

function what(todo, day, edit) {
  const about = `meta-${todo.id}`;
  return element("div", {
    class: "what",
    children: [
      button("title", { text: todo.title, "aria-describedby": about }, edit),
      element("p", { class: "meta", id: about, children: facts(todo, day).map(fact) }),
      todo.description && element("p", { class: "note", text: todo.description }),
    ],
  });
}

const fact = ({ kind, text }) =>
  kind === "tag"
    ? button("tag", { text, tabindex: "-1", "aria-label": `Show ${text} alone` }, () => chosen(text.slice(1)))
    : element("span", { class: kind, text });

/** What stands in the brackets of a text, in its order: when, repeat, reminders, priority; then the tags. */
export function facts(todo, day) {
  const start = moment(todo.due_date);
  const late = tasks.isOverdue(todo);
  const found = [];
  if (todo.status === "done") found.push({ kind: "when", text: `done ${sayDay(dayOf(new Date(todo.completed_at)))}` });
  else if (start)
    found.push({
      kind: late ? "when late" : "when",
      text: `${late ? "was due " : ""}${sayDue(start, moment(todo.end_date), late ? null : day)}`,
    });
  if (todo.recurrence) found.push({ kind: "repeat", text: todo.recurrence.text });
  const reminders = todo.status === "open" ? sayReminders(todo, start) : "";
  if (reminders) found.push({ kind: "remind", text: reminders });
  if (todo.priority !== "medium") found.push({ kind: `priority ${todo.priority}`, text: todo.priority });
  for (const tag of todo.tags) found.push({ kind: "tag", text: `#${tag}` });
  return found.filter(({ text }) => text);
}

/** `reminder 3pm`, `reminder Mon 9am and 5pm`: those to come that differ from what this person has anyway. */
function sayReminders(todo, start) {
  const times = todo.reminders
    .filter((one) => one.at || one.before_seconds !== usual)
    .map((one) => (one.at ? moment(one.at) : start && before(start, one.before_seconds)))
    .map((one) => (one && !one.at ? { ...one, at: instantOf(one.day, morning) } : one))
    .filter((one) => one && one.at > now())
    .sort((a, b) => a.at - b.at);
  const said = times.map(({ day, at }) => (start && day === start.day ? sayClock(at) : `${sayDay(day)} ${sayClock(at)}`));
  return said.length ? `reminder ${said.join(" and ")}` : "";
}

function before({ day, at }, seconds) {
  const base = at ?? instantOf(day, morning);
  const then = new Date(base.getTime() - seconds * 1000);
  return { day: dayOf(then), at: then };
}
