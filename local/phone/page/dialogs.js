// The two dialogs: a new phone, and the clock.

import * as api from "./api.js";
import { byId, element, say } from "./dom.js";
import { inHand, known } from "./phones.js";
import * as time from "./time.js";

// Numbers kept free for fiction: 555-01xx in North America, 07700 900xxx in Britain.
const PLACES = [["New York", "+1212555"], ["Denver", "+1303555"], ["San Francisco", "+1415555"], ["London", "+447700900"]];

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // a tap beside it
}

export function startNewPhone(onNumber) {
  const number = byId("number");
  byId("places").replaceChildren(
    ...PLACES.map(([name, prefix]) =>
      element("button", { type: "button", text: name, on: { click: () => { number.value = invented(prefix); say(byId("number-error"), ""); number.focus(); } } })),
  );
  byId("new-open").addEventListener("click", () => {
    byId("new-form").reset();
    say(byId("number-error"), "");
    byId("new").showModal();
    number.focus();
  });
  byId("new-form").addEventListener("submit", (event) => {
    const plain = number.value.replace(/[\s().-]/g, "");
    if (/^\+[1-9]\d{6,14}$/.test(plain)) {
      onNumber(plain);
      return;
    }
    event.preventDefault();
    say(byId("number-error"), "A number begins with + and the country, like +1 212 555 0142.");
    number.focus();
  });
}

function invented(prefix) {
  const british = prefix.startsWith("+44");
  for (let tries = 0; ; tries += 1) {
    const number = prefix + (british ? String(Math.floor(Math.random() * 1000)).padStart(3, "0") : `01${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`);
    if (!known(number) || tries > 50) return number;
  }
}

const zone = () => inHand()?.zone;

export function startClock() {
  for (const opener of [byId("clock-open"), byId("clock-open-thread")]) opener.addEventListener("click", openClock);
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(byId("clock-set").value);
    if (!wanted) return;
    const [year, month, day, hour, minute] = wanted.slice(1).map(Number);
    move({ set: time.instant({ year, month, day, hour, minute }, zone()).toISOString() });
  });
  byId("clock").addEventListener("click", ({ target }) => {
    if (target.dataset.advance) move({ advance_seconds: Number(target.dataset.advance) });
    if (target.dataset.next) move({ set: time.next(Number(target.dataset.next), zone()).toISOString() });
  });
  time.onTick(showClock);
}

export function clockIs({ simulated, now }) {
  time.setNow(now);
  for (const opener of [byId("clock-open"), byId("clock-open-thread")]) opener.hidden = !simulated;
  showClock();
}

function showClock() {
  const now = time.now();
  const text = time.dayAndTime(now, zone());
  say(byId("clock-text"), text);
  say(byId("clock-open-thread"), time.timeOfDay(now, zone()));
  for (const opener of [byId("clock-open"), byId("clock-open-thread")]) opener.setAttribute("aria-label", `The clock: ${text}. Move it`);
  say(byId("clock-now"), text);
  say(byId("clock-zone"), zone() ? `${time.place(zone())} time` : "your own time");
}

function openClock() {
  offerNow();
  say(byId("clock-error"), "");
  showClock();
  byId("clock").showModal();
}

function offerNow() {
  const { year, month, day, hour, minute } = time.wallClock(time.now(), zone());
  const two = (number) => String(number).padStart(2, "0");
  byId("clock-set").value = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

async function move(where) {
  say(byId("clock-error"), "");
  try {
    clockIs(await api.moveClock(where));
    offerNow();
  } catch (error) {
    say(byId("clock-error"), error.message);
  }
}
