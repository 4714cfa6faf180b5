// Writing a text: the box that grows, the count of segments, the channel, a file that goes with it, and sending at once with what
// went wrong shown later.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { inHand } from "./phones.js";
import { count, said } from "./segments.js";
import * as talk from "./talk.js";
import { now } from "./time.js";

const MOST = 1600;
const MOST_BYTES = 16 * 1024 * 1024; // what WhatsApp takes
const form = byId("composer");
const body = byId("body");
const file = byId("file");
let attached = null;
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
  byId("attach").addEventListener("click", () => file.click());
  file.addEventListener("change", () => attach(file.files[0] ?? null));
  byId("detach").addEventListener("click", () => {
    attach(null);
    focus();
  });
  talk.start({ onRecorded: (blob, kind) => post(blob, { call: kind === "call" }), onTrouble: trouble });
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
  attach(null);
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
  const empty = !body.value.trim() && !attached;
  byId("send").disabled = empty;
  byId("send").hidden = empty;
  byId("talk").hidden = !empty;
  const units = count(body.value);
  const counted = phone.channel === "whatsapp" ? `${body.value.length} of ${MOST}` : `${units.left} left · ${said(units)}`;
  say(byId("count"), body.value ? counted : "");
  byId("count").classList.toggle("much", phone.channel === "sms" && units.segments > 2);
  if (!CSS.supports("field-sizing", "content")) {
    body.style.height = "auto";
    body.style.height = `${body.scrollHeight + 2}px`;
  }
}

function attach(chosen) {
  file.value = "";
  trouble("");
  attached = chosen && chosen.size <= MOST_BYTES ? chosen : null;
  if (chosen && !attached) trouble(`${chosen.name} is larger than 16 MB: a message carries no more.`);
  byId("attached").hidden = !attached;
  say(byId("attached-name"), attached?.name ?? "");
  update();
  if (chosen) focus();
}

function trouble(text) {
  say(byId("trouble"), text);
}

function submit() {
  const text = body.value.trim();
  if (!text && !attached) return;
  const blob = attached;
  attach(null);
  body.value = "";
  update();
  focus();
  post(blob, { text });
}

/** Send words, a file, or both; or what was said in a call. */
function post(blob, { text = "", call = false }) {
  const phone = inHand();
  if (!phone) return;
  trouble("");
  const { segments, encoding } = count(text);
  const message = { sid: null, token: token(), phone: phone.number, mine: true, by_carrier: false, call, channel: call ? "sms" : phone.channel, body: text,
    media: blob ? [blob.type] : [], recordings: [], segments, encoding, state: "sending", error_code: null, at: now().toISOString(), changed: 0, blob };
  phone.messages.set(message.token, message);
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
    const { phone, body: text, channel, token: name, call } = message;
    const kept = message.media.length
      ? await api.sendRecording({ phone, body: text, channel: call ? "call" : channel, token: name }, await fileOf(message))
      : await api.send({ phone, body: text, channel, token: name });
    if (kept.changed > message.changed) Object.assign(message, kept); // the feed may have been faster
  } catch (error) {
    Object.assign(message, { state: "failed", unsent: Boolean(error.unreachable) });
    if (!error.unreachable && message.media.length) trouble(error.message);
  }
  changed(message);
}

/** The file of a message; after the page was opened anew the box has it. */
const fileOf = async (message) => message.blob ?? (await fetch(`/phone/api/media/${message.sid}/0`)).blob();

/** `crypto.randomUUID` needs a secure context; a phone on the home network has none. */
function token() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
