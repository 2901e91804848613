// What Python put into the page, and small words for the rest of it.
const DATA = JSON.parse(document.getElementById("data").textContent);
const SIDES = ["us", "cn"];
const NATIONS = { us: "US", cn: "China" };

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const byId = (name) => document.getElementById(name);

/** An element with attributes and children; text is text, never HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Last day of a week, as 18 May 2025; week 1 begins at the start. */
function dateOf(week) {
  const [year, month, day] = DATA.start.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day - 1 + 7 * week));
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

const share = (p) => p.toFixed(3);
const points = (d) => `${d >= 0 ? "+" : "−"}${Math.abs(100 * d).toFixed(1)}`;
const count = (n) => n.toLocaleString("en-GB");
const spoken = (name) => name.replaceAll("_", " ");
/** A number as TOML and a reader write it. */
const plainly = (value) => (typeof value === "number" ? String(value) : spoken(String(value)));
