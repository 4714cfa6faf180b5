// The phones of this page: whose they are, what they hold, which one is in hand, and the list that shows them.

import { byId, element } from "./dom.js";
import { dayName, sameDay, now, timeOfDay } from "./time.js";
import { named } from "./voice.js";

const KEPT = "jotline-phones"; // numbers without a message yet are known to this browser only
const FIRST = "+12125550142"; // free for fiction, in New York

const phones = new Map(); // number -> { number, zone, messages: Map, loaded, unread, channel, draft }
let current = null;
let choose = () => {};

export const inHand = () => phones.get(current);
export const known = (number) => phones.has(number);

/** The phone of that number, made when it is new. */
export function phone(number) {
  if (!phones.has(number)) {
    phones.set(number, { number, zone: null, messages: new Map(), loaded: false, unread: false, channel: "sms", draft: "" });
    keep();
  }
  return phones.get(number);
}

export function take(number) {
  current = number;
  if (number) phone(number).unread = false;
  show();
}

export function start(onChoose) {
  choose = onChoose;
  try {
    for (const number of JSON.parse(localStorage.getItem(KEPT) || "[]")) phone(number);
  } catch {
    localStorage.removeItem(KEPT);
  }
}

export function ensureOne() {
  if (phones.size === 0) phone(FIRST);
}

export const only = () => (phones.size === 1 ? [...phones.keys()][0] : null);
export const newest = () => sorted()[0]?.number ?? null;

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify([...phones.keys()]));
  } catch {
    // a browser without storage still has what the box knows
  }
}

const last = ({ messages }) => [...messages.values()].reduce((a, b) => (a && a.at > b.at ? a : b), null);
const sorted = () => [...phones.values()].sort((a, b) => (last(b)?.at ?? "").localeCompare(last(a)?.at ?? ""));

/** +14155550100 as +1 415 555 0100, +447700900123 as +44 7700 900123; others in threes. */
export function written(number) {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (us) return `+1 ${us[1]} ${us[2]} ${us[3]}`;
  const uk = /^\+44(\d{4})(\d{6})$/.exec(number);
  if (uk) return `+44 ${uk[1]} ${uk[2]}`;
  return number.replace(/^(\+\d{2})(\d{3})(\d{3})/, "$1 $2 $3 ");
}

export function show() {
  const focused = document.activeElement?.dataset?.number;
  byId("phones").replaceChildren(...sorted().map(entry));
  if (focused) byId("phones").querySelector(`[data-number="${focused}"]`)?.focus();
}

const preview = (message) => `${message.mine ? "You: " : ""}${message.body || named(message)}`;
const line = (...children) => element("span", { class: "line", children });

function entry(each) {
  const message = last(each);
  const when = message ? new Date(message.at) : null;
  const whenText = when ? (sameDay(when, now(), each.zone) ? timeOfDay(when, each.zone) : dayName(when, each.zone)) : "";
  return element("li", {
    children: [
      element("button", {
        type: "button",
        "data-number": each.number,
        "aria-current": each.number === current ? "true" : undefined,
        on: { click: () => choose(each.number) },
        children: [
          element("span", { class: "avatar", "aria-hidden": "true", text: each.number.slice(-2) }),
          element("span", {
            class: "lines",
            children: [
              line(element("span", { class: "name", text: written(each.number) }), element("span", { class: "when", text: whenText })),
              line(
                element("span", { class: "preview", text: message ? preview(message) : "No messages yet" }),
                each.unread && element("span", { class: "dot", role: "img", "aria-label": "New message" }),
              ),
            ],
          }),
        ],
      }),
    ],
  });
}
