// A copy of what is kept, saved as a file.

import * as api from "./api.js";
import * as changes from "./changes.js";
import { byId } from "./dom.js";

async function save(format) {
  byId("help").close();
  try {
    const { name, file } = await api.copy(format);
    const address = URL.createObjectURL(file);
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // it is read after the click
  } catch (error) {
    changes.tell(error.message, { wrong: true });
  }
}

export function start() {
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => save(button.dataset.copy));
}
