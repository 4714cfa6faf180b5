// Signing in: a number, then the code that was texted to it.

import * as api from "./api.js";
import { byId, say, show } from "./dom.js";
import * as session from "./session.js";

const KEPT = "jotline-phone";
let phone = "";

export function start({ number, phone: standIn }) {
  byId("phone").value = localStorage.getItem(KEPT) ?? "";
  byId("phone-form").addEventListener("submit", askForCode);
  byId("code-form").addEventListener("submit", showCode);
  byId("code-again").addEventListener("click", () => step("phone"));
  byId("code").addEventListener("input", () => /^\d{6}$/.test(digits()) && byId("code-form").requestSubmit());
  if (number && !standIn) say(byId("phone-hint"), `We know you by the number you text from. New here? Text ${number} first.`);
  show(byId("stand-in"), Boolean(standIn));
}

/** Show the form. */
export function open() {
  show(byId("welcome"), true);
  step("phone");
}

export function close() {
  show(byId("welcome"), false);
}

const digits = () => byId("code").value.replace(/\D/g, "");

function step(name) {
  show(byId("phone-form"), name === "phone");
  show(byId("code-form"), name === "code");
  say(byId("phone-error"), "");
  say(byId("code-error"), "");
  byId("code").value = "";
  byId(name).focus();
}

async function askForCode(event) {
  event.preventDefault();
  const plain = byId("phone").value.replace(/[\s().-]/g, "");
  if (!/^\+[1-9]\d{6,14}$/.test(plain)) {
    say(byId("phone-error"), "A number begins with + and the country, like +1 212 555 0142.");
    byId("phone").focus();
    return;
  }
  await busy(byId("phone-form"), byId("phone-error"), async () => {
    await api.login(plain);
    phone = plain;
    localStorage.setItem(KEPT, plain);
    say(byId("code-phone"), plain);
    byId("stand-in-link").href = `/phone#${plain}`;
    step("code");
  });
}

async function showCode(event) {
  event.preventDefault();
  if (digits().length !== 6) {
    say(byId("code-error"), "The code has 6 digits.");
    byId("code").focus();
    return;
  }
  await busy(byId("code-form"), byId("code-error"), async () => {
    try {
      session.keep(await api.token(phone, digits()));
    } catch (error) {
      byId("code").select();
      if (error.status === 401) throw new Error("That is not the code, or it is over. Look once more, or ask for a new one.");
      throw error;
    }
  });
}

/** One request at a time; what goes wrong is said in the form. */
async function busy(form, error, work) {
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  say(error, "");
  try {
    await work();
  } catch (wrong) {
    say(error, wrong.message);
  } finally {
    button.disabled = false;
  }
}
