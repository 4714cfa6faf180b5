// Writing a text: the box that grows, the count of segments, the channel, and sending at once with what went wrong shown later.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { inHand } from "./phones.js";
import { count, said } from "./segments.js";
import { now } from "./time.js";

const MOST = 1600;
const form = byId("composer");
const body = byId("body");
let changed = () => {};
let sending = Promise.resolve(); // one after the other, in the order they were written

export function start(onChange) {
  changed = onChange;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "channel") return;
    inHand().channel = event.target.value;
    update();
  });
  body.addEventListener("input", update);
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
}

/** Another phone is in hand: its draft and its channel. */
export function show() {
  const phone = inHand();
  body.value = phone.draft;
  form.elements.channel.value = phone.channel;
  update();
}

export function write(text) {
  body.value = text;
  update();
  focus();
}

export const focus = () => body.focus({ preventScroll: true });

function update() {
  const phone = inHand();
  if (!phone) return;
  phone.draft = body.value;
  form.classList.toggle("whatsapp", phone.channel === "whatsapp");
  byId("send").disabled = !body.value.trim();
  const units = count(body.value);
  const counted = phone.channel === "whatsapp" ? `${body.value.length} of ${MOST}` : `${units.left} left · ${said(units)}`;
  say(byId("count"), body.value ? counted : "");
  byId("count").classList.toggle("much", phone.channel === "sms" && units.segments > 2);
  if (!CSS.supports("field-sizing", "content")) {
    body.style.height = "auto";
    body.style.height = `${body.scrollHeight + 2}px`;
  }
}

function submit() {
  const text = body.value.trim();
  const phone = inHand();
  if (!text || !phone) return;
  const { segments, encoding } = count(text);
  const message = { sid: null, token: token(), phone: phone.number, mine: true, by_carrier: false, channel: phone.channel, body: text,
    media: [], segments, encoding, state: "sending", error_code: null, at: now().toISOString(), changed: 0 };
  phone.messages.set(message.token, message);
  body.value = "";
  update();
  focus();
  send(message);
}

/** Hand a text over, again if need be: the same token is the same text. */
export function send(message) {
  Object.assign(message, { state: "sending", unsent: false });
  changed(message);
  sending = sending.then(() => handOver(message));
}

async function handOver(message) {
  try {
    const { phone, body: text, channel, token: name } = message;
    const kept = await api.send({ phone, body: text, channel, token: name });
    if (kept.changed > message.changed) Object.assign(message, kept); // the feed may have been faster
  } catch (error) {
    Object.assign(message, { state: "failed", unsent: Boolean(error.unreachable) });
  }
  changed(message);
}

/** `crypto.randomUUID` needs a secure context; a phone on the home network has none. */
function token() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
