// The conversation of the phone in hand: bubbles under their day, what became of each, and what the box understood.

import * as api from "./api.js";
import { byId, element } from "./dom.js";
import { explained } from "./explain.js";
import { inHand } from "./phones.js";
import { said } from "./segments.js";
import { dayName, sameDay, timeOfDay } from "./time.js";
import { player, spoken, transcripts, watch } from "./voice.js";

const EXAMPLES = ["buy milk and call mum tomorrow at 5pm", "every friday put the bins out", "what's on for tomorrow", "?"];
const NEAR_THE_END = 80; // px: someone this close to the end wants to see what comes

const scroll = byId("scroll");
const list = byId("messages");
const rows = new Map(); // message key -> { row, shown }
const opened = new Map(); // sid -> what was understood or heard, as an element
let owner = null; // whose messages are on the page
let retry = () => {};
let suggest = () => {};

export function start({ onRetry, onSuggest }) {
  retry = onRetry;
  suggest = onSuggest;
  byId("newer").addEventListener("click", toEnd);
  scroll.addEventListener("scroll", () => atEnd() && (byId("newer").hidden = true), { passive: true });
  // when the keyboard opens or the window changes, the end stays in sight
  let before = scroll.clientHeight;
  new ResizeObserver(() => {
    if (scroll.scrollHeight - scroll.scrollTop - before < NEAR_THE_END) toEnd();
    before = scroll.clientHeight;
  }).observe(scroll);
}

/** Show the phone in hand as it is now. Rows that did not change are left alone. */
export function show() {
  const phone = inHand();
  if (!phone) return;
  const another = owner !== phone.number;
  if (another) empty(phone.number);
  const wasAtEnd = another || atEnd();
  const messages = [...phone.messages.values()].sort((a, b) => a.at.localeCompare(b.at));
  const wanted = messages.length ? withDays(messages, phone) : phone.loaded ? [welcome()] : [];
  place(wanted);
  for (const message of messages) if (message.blob && message.state === "delivered" && spoken(message)) follow(message, phone);
  const newest = messages.at(-1);
  if (wasAtEnd || (newest?.mine && newest.state === "sending")) toEnd();
  else byId("newer").hidden = !newest || newest.mine || atEnd();
}

/** How far the box is with a recording that was sent from here, until it answers. */
function follow(message, phone) {
  const answered = () => [...phone.messages.values()].some((each) => !each.mine && each.at >= message.at);
  watch(message, answered, () => owner === phone.number && show());
}

function empty(number) {
  owner = number;
  rows.clear();
  opened.clear();
  list.replaceChildren();
  byId("newer").hidden = true;
}

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END;
function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  byId("newer").hidden = true;
}

/** Bring the list to `wanted` without touching what is in its place already: a live region reads out what is added. */
function place(wanted) {
  const keep = new Set(wanted);
  for (const child of [...list.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

function withDays(messages, phone) {
  const wanted = [];
  messages.forEach((message, index) => {
    const at = new Date(message.at);
    const before = messages[index - 1];
    const after = messages[index + 1];
    const newDay = !before || !sameDay(new Date(before.at), at, phone.zone);
    if (newDay) wanted.push(daySeparator(at, phone));
    const turn = newDay || before.mine !== message.mine;
    const last = !after || after.mine !== message.mine || !sameDay(new Date(after.at), at, phone.zone);
    wanted.push(rowOf(message, phone, turn, last));
  });
  return wanted;
}

function daySeparator(at, phone) {
  const name = dayName(at, phone.zone);
  const key = `day ${name}`;
  if (!rows.has(key)) rows.set(key, { row: element("li", { class: "day", text: name }) });
  return rows.get(key).row;
}

function rowOf(message, phone, turn, last) {
  const key = message.token ?? message.sid;
  const shown = JSON.stringify([message, phone.zone]);
  let known = rows.get(key);
  if (!known) {
    const bubble = bubbleOf(message);
    known = { row: element("li", { class: "message fresh", children: [bubble] }), bubble, shown: "" };
    rows.set(key, known);
  }
  if (known.shown !== shown) {
    // only the line below the bubble changes: a screen reader should not hear the words again
    known.row.replaceChildren(known.bubble, metaOf(message, phone), opened.get(message.sid) ?? "");
    known.shown = shown;
  }
  const classes = { mine: message.mine, whatsapp: message.channel === "whatsapp", turn, last, sending: message.mine && message.state === "sending", failed: message.state === "failed" };
  for (const [name, on] of Object.entries(classes)) known.row.classList.toggle(name, on);
  return known.row;
}

function bubbleOf(message) {
  const speaker = message.mine ? "You: " : message.by_carrier ? "The carrier: " : "Jotline: ";
  const files = message.mine ? message.media.map((_, index) => player(message, index)) : [mediaOf(message)];
  const bubble = element("div", { class: "bubble", children: [element("span", { class: "hidden", text: speaker }), ...files, message.body] });
  if (explainable(message)) {
    bubble.classList.add("asks");
    bubble.addEventListener("click", () => String(getSelection()) || bubble.parentElement.querySelector(".meta button").click());
  }
  return bubble;
}

const explainable = ({ mine, by_carrier: byCarrier }) => !mine && !byCarrier;

const mediaOf = ({ media }) => (media.length ? `[${media.join(", ")}]` : "");

function metaOf(message, phone) {
  const at = new Date(message.at);
  const meta = element("p", {
    class: "meta",
    "aria-live": "off",
    children: [
      element("time", { datetime: message.at, text: timeOfDay(at, phone.zone) }),
      message.by_carrier && element("span", { text: "from the carrier" }),
      element("span", { text: message.call ? "Call" : message.channel === "whatsapp" ? "WhatsApp" : message.media.length ? "MMS" : said(message) }),
    ],
  });
  if (message.mine) meta.append(...deliveryOf(message), ...(message.sid && spoken(message) ? [element("span", { children: [opener(message, "What was heard?", () => transcripts(message))] })] : []));
  else if (message.state === "failed") meta.append(element("span", { class: "problem", text: `Not delivered (${message.error_code})` }));
  else if (message.state !== "delivered") meta.append(element("span", { text: "On its way" }));
  if (explainable(message)) {
    meta.append(element("span", { children: [opener(message, "Why this?", () => why(message))] }));
  }
  return meta;
}

/** A button that opens and closes what `load` gives below a message. */
function opener(message, text, load) {
  const button = element("button", { type: "button", text, "aria-expanded": String(opened.has(message.sid)) });
  button.addEventListener("click", () => toggle(message, button, load));
  return button;
}

async function why(message) {
  try {
    return [explained(await api.understood(message.sid), inHand().zone)];
  } catch (error) {
    if (error.status !== 404) throw error;
    return [element("p", { text: "Nothing is known about this one: it answers no message." })];
  }
}

function deliveryOf(message) {
  if (message.state === "sending") return [element("span", { text: "Sending" })];
  if (message.state !== "failed") return [element("span", { text: message.progress || "Delivered" })];
  const again = element("button", { type: "button", text: "Try again", on: { click: () => retry(message) } });
  return [element("span", { class: "problem", text: "Not delivered" }), element("span", { children: [again] })];
}

async function toggle(message, button, load) {
  const row = button.closest(".message");
  if (opened.delete(message.sid)) {
    row.querySelector(".why")?.remove();
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const answer = element("div", { class: "why", role: "status", children: [element("p", { text: "One moment" })] });
  opened.set(message.sid, answer);
  row.append(answer);
  button.setAttribute("aria-expanded", "true");
  const near = atEnd();
  try {
    answer.replaceChildren(...(await load()));
  } catch (error) {
    answer.replaceChildren(element("p", { text: error.message }));
  }
  if (near) toEnd();
}

function welcome() {
  const chips = EXAMPLES.map((text) => element("button", { type: "button", text, on: { click: () => suggest(text) } }));
  return element("li", {
    class: "welcome",
    children: [
      element("h3", { text: "Text Jotline a todo" }),
      element("p", { text: "Plain English, one text or several things at once; or hold the microphone and say it. It answers in one text." }),
      element("div", { class: "chips", role: "group", "aria-label": "Examples", children: chips }),
    ],
  });
}
