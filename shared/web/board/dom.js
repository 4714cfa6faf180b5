// Making elements. Text only ever goes in as text: nothing here or elsewhere parses HTML.

export const byId = (id) => document.getElementById(id);

/** An element with text, attributes, listeners and children; attributes that are null, undefined or false are left out. */
export function element(tag, { text, children = [], on = {}, ...attributes } = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = text;
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children.filter(Boolean));
  return made;
}

/** Change text only when it differs, so that screen readers and selections are left alone. */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function show(target, shown) {
  if (target.hidden === shown) target.hidden = !shown;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of one path, for eyes only. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Call `work` once nothing more came for `ms`. */
export function debounced(work, ms) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), ms);
  };
}

/** Read out, by a screen reader, without moving anything. */
export function announce(text) {
  const said = byId("said");
  said.textContent = said.textContent === text ? `${text}\u00a0` : text; // the same words twice are said twice
}
