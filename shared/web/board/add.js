// The line above the list: whatever one would text. What it would do is shown while it is typed, and done on Enter.

import * as api from "./api.js";
import * as changes from "./changes.js";
import { byId, debounced, element, show } from "./dom.js";
import * as tasks from "./tasks.js";
import { readSentence } from "./understanding.js";

const WAIT_MS = 200;
const field = byId("words");
const shown = byId("understood");
let asked = 0;
let refresh = () => {};

/** `reload` reads the list anew, for what an answer does not tell. */
export function start(reload) {
  refresh = reload;
  const hear = debounced(understand, WAIT_MS);
  field.addEventListener("input", () => {
    show(byId("add-send"), Boolean(field.value.trim()));
    if (field.value.trim()) hear();
    else empty();
  });
  byId("add").addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) send(field.value.trim());
  });
}

function empty() {
  asked += 1;
  shown.replaceChildren();
}

async function understand() {
  const words = field.value.trim();
  const mine = (asked += 1);
  if (!words) return;
  try {
    const lines = readSentence(await api.understand(words));
    if (mine === asked) shown.replaceChildren(...lines.map(line));
  } catch (error) {
    if (mine === asked)
      shown.replaceChildren(...(error.unreachable || error.status === 429 ? [] : [element("p", { class: "wrong", text: error.message })]));
  }
}

/** One thing that would be done: what, with which todo, and what was understood about it. */
const line = ({ does, title, facts }) =>
  element("p", {
    children: [
      does && element("span", { class: "does", text: does }),
      title && element("span", { class: "words", text: title }),
      ...facts.map((text) => element("span", { class: text.startsWith("#") ? "fact tag" : "fact", text })),
    ],
  });

async function send(words) {
  field.value = "";
  show(byId("add-send"), false);
  empty();
  try {
    const answer = await api.say(words, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
    tasks.put(...(answer.tasks ?? []));
    changes.tell(answer.reply ?? "Done");
    if (!answer.tasks) refresh();
  } catch (error) {
    if (!field.value) {
      field.value = words; // nothing of it is lost
      show(byId("add-send"), true);
    }
    changes.tell(error.message, { wrong: true });
  }
}
