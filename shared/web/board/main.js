// The board: sign in, read the list, and follow what changes.

import * as add from "./add.js";
import * as api from "./api.js";
import * as changes from "./changes.js";
import * as copy from "./copy.js";
import { announce, byId, debounced, element, say, show } from "./dom.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as live from "./live.js";
import * as row from "./row.js";
import * as session from "./session.js";
import * as signIn from "./sign_in.js";
import * as spoken from "./spoken.js";
import * as tasks from "./tasks.js";
import * as time from "./time.js";

const PAGE = 200;
const DONE_SHOWN = 50;
const DOWN_AFTER_MS = 1500; // shorter breaks are nobody's business
let down = null;
let loading = null;
let signedIn = false;
let me = ""; // the id of who is signed in
let fresh = true; // no feed yet

const TOLD = {
  "task.created": "Added",
  "task.completed": "Done",
  "task.reopened": "Reopened",
  "task.updated": "Changed",
  "task.deleted": "Deleted",
  "task.restored": "Back",
};

async function everything(query) {
  const found = [];
  for (let cursor = null; ;) {
    const { tasks: page, next_cursor: next } = await api.page({ ...query, limit: PAGE, ...(cursor ? { cursor } : {}) });
    found.push(...page);
    if (!next) return found;
    cursor = next;
  }
}

/** Read settings and list; one reading at a time, and one more when it was asked for meanwhile. */
async function load() {
  if (loading) return (loading = loading.then(load, load));
  loading = read().finally(() => (loading = null));
  return loading;
}

async function read() {
  const whose = me;
  const [settings, open, done] = await Promise.all([
    api.settings(),
    everything({ status: "open" }),
    api.page({ status: "done", sort: "-created", limit: DONE_SHOWN }),
  ]);
  if (!signedIn || whose !== me) return; // they have signed out meanwhile
  place(settings);
  tasks.replace(open, done.tasks);
}

function place({ time_zone, clock_hours, remind_before_seconds, morning }) {
  time.setPlace(time_zone, clock_hours);
  row.setReminder(remind_before_seconds, morning);
  list.render();
}

const patient = async () => {
  try {
    await load();
  } catch (error) {
    if (signedIn) setTimeout(patient, 3000);
    if (!error.unreachable) changes.tell(error.message, { wrong: true });
  }
};

function heard(message) {
  if (message.now) time.setNow(message.now);
  if (message.type === "resync" || message.type === "settings.changed") patient();
  else if (message.type === "hello") {
    if (fresh)
      patient(); // from here on nothing is missed: what changed while we connected is in the list as it is now
    else api.settings().then(place, () => {});
    fresh = false;
  } else if (message.type === "spoken") spoken.tell(message.spoken);
  else if (message.task) changed(message);
  else list.render();
}

function changed({ type, task }) {
  const mine = (tasks.get(task.id)?.version ?? 0) >= task.version;
  tasks.put(task);
  if (mine) return;
  changes.elsewhere(task.id);
  announce(`${TOLD[type] ?? "Changed"}: #${task.number} ${task.title}`);
}

function up() {
  clearTimeout(down);
  down = null;
  show(byId("line"), false);
}

function broken() {
  down ??= setTimeout(() => {
    say(
      byId("line"),
      navigator.onLine ? "Not connected. What you see may be old; trying again." : "You are offline. What you see may be old.",
    );
    show(byId("line"), true);
  }, DOWN_AFTER_MS);
}

async function enter() {
  if (signedIn) return;
  signedIn = fresh = true;
  me = session.who();
  signIn.close();
  show(byId("board"), true);
  byId("list").setAttribute("aria-busy", "true");
  live.follow({ message: heard, up, down: broken, ended: leave });
  await patient();
  byId("list").removeAttribute("aria-busy");
}

function leave() {
  if (!signedIn && !byId("welcome").hidden) return;
  signedIn = false;
  live.stop();
  up();
  changes.close();
  show(byId("board"), false);
  tasks.clear();
  spoken.tell([]);
  signIn.open();
}

function tagButtons() {
  const { tag: chosen } = list.getFilter();
  const known = tasks.tags();
  if (chosen && !known.includes(chosen)) known.unshift(chosen);
  const key = JSON.stringify([known, chosen]);
  const group = byId("tags");
  if (group.dataset.shown === key) return;
  const focused = group.contains(document.activeElement) ? document.activeElement.textContent : null;
  group.dataset.shown = key;
  group.replaceChildren(
    ...known.map((tag) =>
      element("button", {
        type: "button",
        text: `#${tag}`,
        "aria-pressed": String(tag === chosen),
        on: { click: () => choose(tag === chosen ? null : tag) },
      }),
    ),
  );
  if (focused) [...group.children].find(({ textContent }) => textContent === focused)?.focus();
}

function choose(tag) {
  list.setFilter({ tag });
  tagButtons();
}

/** What was done long ago is not here: ask for it. */
async function searchDone() {
  const words = byId("search").value.trim();
  if (words.length < 2 || words.startsWith("#")) return;
  const { tasks: found } = await api.page({ status: "done", q: words, limit: DONE_SHOWN }).catch(() => ({ tasks: [] }));
  tasks.put(...found);
}

async function start() {
  keys.start();
  copy.start();
  add.start(patient);
  row.onTag(choose);
  tasks.onChange(() => (list.render(), tagButtons()));
  byId("search").addEventListener(
    "input",
    debounced(() => list.setFilter({ words: byId("search").value.trim() }), 80),
  );
  byId("search").addEventListener("input", debounced(searchDone, 400));
  byId("sign-out").addEventListener("click", async () => {
    await api.logout().catch(() => {});
    session.forget();
  });
  session.onChange((what) => {
    if (what === "ended") leave();
    else if (signedIn && session.who() !== me) location.reload(); // somebody else, in another tab
    else enter();
  });
  setInterval(list.render, 30_000); // what is overdue becomes so while one looks
  const about = await api.about();
  signIn.start(about);
  show(byId("phone-link"), Boolean(about.phone));
  if (about.number) say(byId("foot"), `Text ${about.number}: what you text appears here.`);
  if (session.current()) enter();
  else signIn.open();
}

start();
