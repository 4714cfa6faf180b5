// Editing in place: the row becomes a form. The date is words, as in a text, and what was understood is shown while they are typed.

import * as api from "./api.js";
import * as changes from "./changes.js";
import { debounced, element, say } from "./dom.js";
import { moment, sayDue } from "./time.js";
import { readWhen } from "./understanding.js";

const WAIT_MS = 250;
const PRIORITIES = ["low", "medium", "high", "urgent"];

let current = null; // { id, todo, form, close, when }

export const isOpen = (id) => current?.id === id;

/** Put the form into a row; `close` is called when it is over. */
export function open(todo, row, close) {
  leave();
  const form = made(todo);
  current = { id: todo.id, todo, form, close, when: Promise.resolve({}) };
  row.className = "todo editing";
  row.replaceChildren(form);
  form.elements.title.focus();
  form.elements.title.select();
}

/** The todo changed while it is edited: what was not touched shows it. */
export function refresh(todo) {
  const { form, todo: before } = current;
  for (const [name, write] of Object.entries(FIELDS)) {
    const field = form.elements[name];
    if (field.value === write(before)) field.value = write(todo);
  }
  current.todo = todo;
}

function leave() {
  if (!current) return;
  const { close } = current;
  current = null;
  close();
}

/** What each field holds. */
const FIELDS = {
  title: ({ title }) => title,
  when: (todo) =>
    [moment(todo.due_date) ? sayDue(moment(todo.due_date), moment(todo.end_date)) : "", todo.recurrence?.text ?? ""]
      .filter(Boolean)
      .join(", "),
  note: ({ description }) => description,
  tags: ({ tags }) => tags.map((tag) => `#${tag}`).join(" "),
  priority: ({ priority }) => priority,
};

function made(todo) {
  const id = (name) => `edit-${name}`;
  const field = (name, label, more) =>
    element("div", {
      class: `field ${name}`,
      children: [
        element("label", { for: id(name), text: label }),
        element(more.rows ? "textarea" : "input", { id: id(name), name, autocomplete: "off", ...more }),
      ],
    });
  const options = PRIORITIES.map((one) => element("option", { value: one, text: one[0].toUpperCase() + one.slice(1) }));
  const form = element("form", {
    class: "edit",
    "aria-label": `Edit ${todo.title}`,
    children: [
      field("title", "Todo", { maxlength: 255, required: true, enterkeyhint: "done" }),
      field("when", "When", { maxlength: 200, placeholder: "tomorrow 5pm, every Friday", "aria-describedby": id("heard") }),
      element("p", { class: "hint heard", id: id("heard"), "aria-live": "polite" }),
      field("tags", "Tags", { maxlength: 300, placeholder: "#home #garden" }),
      element("div", {
        class: "field priority",
        children: [
          element("label", { for: id("priority"), text: "Priority" }),
          element("select", { id: id("priority"), name: "priority", children: options }),
        ],
      }),
      field("note", "Note", { maxlength: 2000, rows: 2 }),
      element("p", { class: "error", role: "alert" }),
      element("div", {
        class: "actions",
        children: [
          element("button", {
            type: "button",
            class: "quiet danger",
            text: "Delete",
            on: { click: () => (leave(), changes.remove(todo)) },
          }),
          element("span", { class: "gap" }),
          element("button", { type: "button", class: "quiet", text: "Cancel", on: { click: leave } }),
          element("button", { type: "submit", class: "strong", text: "Save" }),
        ],
      }),
    ],
  });
  for (const [name, write] of Object.entries(FIELDS)) form.elements[name].value = write(todo);
  form.addEventListener("submit", save);
  form.addEventListener("keydown", keys);
  form.elements.when.addEventListener("input", debounced(hear, WAIT_MS));
  return form;
}

function keys(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    leave();
  } else if (event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) {
    event.target.form.requestSubmit();
  }
}

/** Read the words of the date as they stand. */
function hear() {
  if (!current) return;
  const { form } = current;
  const words = form.elements.when.value.trim();
  const reading = words
    ? readWhen(words)
    : Promise.resolve({ fields: { due_date: null, end_date: null, recurring_pattern: null }, said: "No date" });
  current.when = { words, reading };
  reading.then(
    ({ said, wrong }) => form.elements.when.value.trim() === words && tell(form, said ?? wrong, Boolean(wrong)),
    (error) => tell(form, error.message, true),
  );
}

function tell(form, text, wrong) {
  const heard = form.querySelector(".heard");
  say(heard, text);
  heard.classList.toggle("wrong", wrong);
}

async function save(event) {
  event.preventDefault();
  const { form, todo } = current;
  const error = form.querySelector(".error");
  try {
    const fields = await changed(form, todo);
    if (Object.keys(fields).length) await changes.change(todo, fields);
    leave();
  } catch (wrong) {
    say(error, wrong.status === 412 ? "It was changed elsewhere meanwhile: look at it once more and save again." : wrong.message);
  }
}

/** The fields that are not as they were, as the API takes them. */
async function changed(form, todo) {
  const given = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, form.elements[name].value.trim()]));
  const differs = (name) => given[name] !== FIELDS[name](todo).trim();
  const fields = {};
  if (differs("title")) fields.title = given.title;
  if (differs("note")) fields.description = given.note;
  if (differs("priority")) fields.priority = given.priority;
  if (differs("tags"))
    fields.tags = given.tags
      .split(/[\s,]+/)
      .map((tag) => tag.replace(/^#/, ""))
      .filter(Boolean);
  if (differs("when")) {
    if (current.when?.words !== given.when) hear();
    const { fields: dates, wrong } = await current.when.reading;
    if (wrong) throw new Error(wrong);
    Object.assign(fields, dates);
  }
  return fields;
}
