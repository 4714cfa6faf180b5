// The live feed: one WebSocket that is opened again whenever it breaks, and goes on after the last change it saw.

import * as session from "./session.js";

const SILENCE_MS = 70_000; // the server says something every 25 seconds
const WAITS_MS = [300, 1000, 2000, 5000, 10_000, 20_000];

let socket = null;
let last = null;
let tries = 0;
let again = null;
let silence = null;
let wanted = false;
let tell = {};

/** Follow the changes. `tell`: { message, up, down, ended }. */
export function follow(listeners) {
  tell = listeners;
  wanted = true;
  last = null;
  open();
}

export function stop() {
  wanted = false;
  clearTimeout(again);
  clearTimeout(silence);
  socket?.close(1000);
  socket = null;
}

async function open() {
  clearTimeout(again);
  if (!wanted || socket) return;
  let token;
  try {
    token = await session.access();
  } catch {
    retry();
    return;
  }
  if (!wanted || socket) return;
  if (!token) {
    tell.ended();
    return;
  }
  const opened = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`, "jotline");
  socket = opened;
  heard(opened);
  opened.addEventListener("open", () => opened.send(JSON.stringify({ token, last_event_id: last })));
  opened.addEventListener("message", ({ data }) => {
    if (socket === opened) receive(opened, JSON.parse(data));
  });
  opened.addEventListener("close", ({ code }) => closed(opened, code, token));
}

function receive(opened, message) {
  heard(opened);
  if (message.id !== undefined) last = message.id;
  if (message.type === "hello" || message.type === "resync") {
    tries = 0;
    tell.up();
  }
  tell.message(message);
}

async function closed(opened, code, token) {
  if (socket !== opened) return;
  socket = null;
  clearTimeout(silence);
  if (!wanted) return;
  tell.down();
  if (code === 4401) await session.access(token).catch(() => {});
  retry();
}

/** A line that is silent for long is dead, whatever the browser thinks. */
function heard(opened) {
  clearTimeout(silence);
  silence = setTimeout(() => {
    if (socket !== opened) return;
    closed(opened, 0, null);
    opened.close();
  }, SILENCE_MS);
}

function retry() {
  clearTimeout(again);
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length - 1)];
  tries += 1;
  again = setTimeout(open, wait * (0.75 + Math.random() / 2)); // not everybody at once
}

function now() {
  tries = 0;
  open();
}

addEventListener("online", now);
addEventListener("offline", () => socket && closed(socket, 0, null));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
session.onChange(async (what) => {
  if (what !== "renewed" || socket?.readyState !== WebSocket.OPEN) return;
  const token = session.current()?.access;
  if (token) socket.send(JSON.stringify({ token }));
});
// A token is renewed before it ends, as long as the page is open.
setInterval(() => wanted && socket && session.access().catch(() => {}), 20_000);
