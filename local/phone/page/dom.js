// Making elements. Text only ever goes in as text: nothing here or elsewhere parses HTML.

export const byId = (id) => document.getElementById(id);

/** An element with a class, text, attributes, and children. */
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
