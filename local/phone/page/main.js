// The phone page: start, choose a phone, and let every change from the box reach the list and the conversation.

import * as api from "./api.js";
import * as composer from "./composer.js";
import * as dialogs from "./dialogs.js";
import { byId, say } from "./dom.js";
import * as phones from "./phones.js";
import * as thread from "./thread.js";
import * as time from "./time.js";

let number = ""; // what everyone texts to
const wide = matchMedia("(width >= 760px)");

function take(who) {
  location.hash = who ?? "";
}

/** The address bar says which phone is in hand, so the back button works. */
function route() {
  const who = decodeURIComponent(location.hash.slice(1));
  const chosen = /^\+[1-9]\d{6,14}$/.test(who) ? who : wide.matches ? phones.newest() : null;
  document.body.dataset.view = chosen ? "thread" : "list";
  if (chosen) phones.phone(chosen);
  phones.take(chosen);
  if (!chosen) return;
  time.tick();
  composer.show();
  thread.show();
  if (wide.matches) composer.focus();
  load(chosen);
}

async function load(who) {
  const phone = phones.phone(who);
  try {
    const { zone, messages } = await api.messagesOf(who);
    phone.zone = zone;
    phone.loaded = true;
    time.tick();
    for (const message of messages) receive(message);
  } catch (error) {
    banner(error.message);
  }
  refresh(who);
}

function receive(message, live = false) {
  const phone = phones.phone(message.phone);
  const key = message.token ?? message.sid;
  const before = phone.messages.get(key);
  if (before && before.changed > message.changed) return phone;
  if (live && !before && !message.mine && phone !== phones.inHand()) phone.unread = true;
  phone.messages.set(key, Object.assign(before ?? {}, message));
  return phone;
}

function refresh(who) {
  phones.show();
  if (phones.inHand()?.number !== who) return;
  header();
  thread.show();
}

function header() {
  const { number: who, zone } = phones.inHand();
  say(byId("who"), phones.written(who));
  const where = zone ? `${time.place(zone)} time, to` : "to";
  say(byId("whose"), `${where} Jotline at ${phones.written(number)}`);
}

function banner(text) {
  byId("banner").hidden = !text;
  say(byId("banner"), text);
}

/** The feed is open: what could not be handed over meanwhile goes now. */
function up() {
  banner("");
  const phone = phones.inHand();
  if (!phone) return;
  if (!phone.loaded) load(phone.number);
  for (const message of phone.messages.values()) if (message.unsent) composer.send(message);
}

async function start() {
  phones.start(take);
  let known;
  try {
    known = await api.state();
  } catch {
    banner("Jotline does not answer. Trying again.");
    setTimeout(start, 2000);
    return;
  }
  banner("");
  number = known.number;
  dialogs.clockIs(known.clock);
  for (const { phone, zone, last } of known.conversations) {
    phones.phone(phone).zone = zone;
    receive(last);
  }
  phones.ensureOne();
  if (!location.hash && phones.only()) history.replaceState(null, "", `#${phones.only()}`);
  route();
  api.follow(known.changed, {
    message: (message) => refresh(receive(message, true).number),
    clock: (clock) => {
      dialogs.clockIs(clock);
      phones.show();
      thread.show();
    },
    up,
    down: () => banner("Jotline does not answer. Trying again."),
  });
}

composer.start((message) => refresh(message.phone));
thread.start({
  onRetry: (message) => {
    composer.send(message);
    composer.focus(); // the button that had it is gone
  },
  onSuggest: composer.write,
});
dialogs.startNewPhone(take);
dialogs.startClock();
time.onTick(() => phones.inHand() && header());
byId("back").addEventListener("click", () => take(null));
addEventListener("hashchange", route);
wide.addEventListener("change", route);
start();
