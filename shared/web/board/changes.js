// What is done to a todo: shown at once, sent, taken back where it was refused, and offered to be undone.

import * as api from "./api.js";
import { announce, byId, say, show } from "./dom.js";
import * as tasks from "./tasks.js";
import { now } from "./time.js";

const SHOWN_MS = 12_000;
let hiding = null;
let takeBack = null;
let about = null; // whom the offer is about: a change of something else ends it
let under = Promise.resolve(); // what is being done

byId("toast-undo").addEventListener("click", () => undo());
byId("toast-close").addEventListener("click", close);

/** Say what happened; with `undoing`, offer to take it back. */
export function tell(text, { undoing = null, id = null, wrong = false } = {}) {
  say(byId("toast-text"), text);
  byId("toast").classList.toggle("wrong", wrong);
  show(byId("toast-undo"), Boolean(undoing));
  show(byId("toast"), true);
  announce(undoing ? `${text}. Press u to undo.` : text);
  [takeBack, about] = [undoing, id];
  clearTimeout(hiding);
  hiding = setTimeout(close, SHOWN_MS);
}

export function close() {
  clearTimeout(hiding);
  show(byId("toast"), false);
  [takeBack, about] = [null, null];
}

/** Something changed by another way: an undo would be about that. */
export function elsewhere(id) {
  if (takeBack && about !== id) close();
}

export const complete = (todo, completed) => begin(() => completing(todo, completed));
export const remove = (todo) => begin(() => removing(todo));

/** Do something; an undo from now on is about this, and waits for it. */
function begin(work) {
  close();
  under = work();
  return under;
}

async function completing(todo, completed) {
  const back = tasks.pretend(todo.id, {
    status: completed ? "done" : "open",
    completed,
    completed_at: completed ? now().toISOString() : null,
  });
  const done = await tried(() => api.complete(todo, completed), back);
  if (!done) return;
  tasks.put(done);
  tell(`${completed ? "Done" : "Reopened"} ${named(done)}`, { undoing: () => complete(tasks.get(todo.id), !completed), id: todo.id });
}

async function removing(todo) {
  const back = tasks.pretend(todo.id, { status: "deleted" });
  const gone = await tried(async () => (await api.remove(todo)) ?? true, back);
  if (gone) tell(`Deleted ${named(todo)}`, { undoing: undoLast, id: todo.id });
}

export async function change(todo, fields) {
  const changed = await api.change(todo, fields);
  tasks.put(changed);
  announce(`Changed ${named(changed)}`);
}

/** Take back what was done last: what is offered, else the last change of all. */
export async function undo() {
  await under;
  const offered = takeBack ?? undoLast;
  close();
  await offered();
}

async function undoLast() {
  const undone = await tried(
    () => api.undo(),
    () => {},
  );
  if (!undone) return;
  tasks.put(...(undone.tasks ?? []));
  tell(undone.reply ?? "Undone");
}

async function tried(work, back) {
  try {
    return await work();
  } catch (error) {
    back();
    tell(error.message, { wrong: true });
    return null;
  }
}

const named = ({ number, title }) => `#${number} ${title}`;
