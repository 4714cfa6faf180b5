// Hold to talk, and calling. A short tap or key press goes on recording until the next one; Escape gives up.

import { byId, say } from "./dom.js";
import { beep, clock, record, telephone } from "./recorder.js";

const HELD_MS = 500;
const SHORTEST_SECONDS = 0.4;
const talk = byId("talk");
const form = byId("composer");
let send = () => {};
let trouble = () => {};

// A voice note: idle, starting (the browser may still ask), recording. `held`: it ends when the button is let go.
let state = "idle";
let held = false;
let pressedAt = 0;
let recording = null;

export function start({ onRecorded, onTrouble }) {
  send = onRecorded;
  trouble = onTrouble;
  talk.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    talk.setPointerCapture(event.pointerId);
    press();
  });
  talk.addEventListener("pointerup", release);
  talk.addEventListener("pointercancel", () => (held = false));
  talk.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press on a phone
  talk.addEventListener("keydown", (event) => {
    if (![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  talk.addEventListener("keyup", (event) => [" ", "Enter"].includes(event.key) && release());
  byId("talk-cancel").addEventListener("click", cancel);
  form.addEventListener("keydown", (event) => event.key === "Escape" && state !== "idle" && cancel());
  startCalling();
}

function press() {
  if (state === "recording") {
    finish();
    return;
  }
  if (state !== "idle") return;
  held = true;
  pressedAt = performance.now();
  begin();
}

function release() {
  if (!held) return;
  held = false;
  if (state === "recording" && performance.now() - pressedAt >= HELD_MS) finish();
  else show();
}

async function begin() {
  state = "starting";
  trouble("");
  say(byId("talk-time"), clock(0));
  show();
  try {
    const made = await record({ tick: (seconds) => say(byId("talk-time"), clock(seconds)), full: finish });
    if (state !== "starting") {
      await made.cancel(); // given up meanwhile
      return;
    }
    recording = made;
    state = "recording";
  } catch (error) {
    state = "idle";
    trouble(error.message);
  }
  show();
}

async function finish() {
  if (state !== "recording") return;
  const made = recording;
  const short = made.seconds() < SHORTEST_SECONDS;
  idle();
  const blob = await made.stop();
  if (short) trouble("That was too short. Hold the button while you talk, or tap it and tap again.");
  else send(blob, "note");
}

function cancel() {
  const made = recording;
  idle();
  talk.focus();
  made?.cancel();
}

function idle() {
  state = "idle";
  held = false;
  recording = null;
  show();
}

/** While somebody talks the line of writing gives way to the time and the way out. */
function show() {
  form.classList.toggle("talking", state !== "idle");
  talk.setAttribute("aria-pressed", String(state !== "idle"));
  talk.setAttribute("aria-label", state === "idle" ? "Hold to talk" : "Send the recording");
  byId("talking").hidden = state === "idle";
  const hint = state === "starting" ? "Waiting for the microphone" : held ? "Let go to send" : "Tap again to send";
  say(byId("talk-hint"), state === "idle" ? "" : hint);
}

// ---- a call ----

const dialog = byId("call");
let call = null;

function startCalling() {
  byId("call-open").addEventListener("click", dial);
  byId("hang-up").addEventListener("click", hangUp);
  dialog.addEventListener("close", () => {
    call?.cancel();
    call = null;
  });
}

async function dial() {
  said("Calling", "0:00");
  byId("hang-up").disabled = true;
  say(byId("call-error"), "");
  dialog.showModal();
  try {
    await beep();
    const made = await record({ tick: (seconds) => said("Recording", clock(seconds)), full: hangUp });
    if (!dialog.open) {
      await made.cancel();
      return;
    }
    call = made;
    byId("hang-up").disabled = false;
    byId("hang-up").focus();
  } catch (error) {
    said("No call", "");
    say(byId("call-error"), error.message);
  }
}

async function hangUp() {
  if (!call) return;
  const made = call;
  call = null;
  byId("hang-up").disabled = true;
  const blob = await made.stop();
  dialog.close();
  try {
    send(await telephone(blob), "call");
  } catch {
    trouble("The browser could not make a telephone recording of that. Send a voice note instead.");
  }
}

function said(what, time) {
  say(byId("call-state"), what);
  say(byId("call-time"), time);
}
