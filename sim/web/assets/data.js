// What Python put into the page, and small words for the rest of it.
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const byId = (name) => document.getElementById(name);

/** The data of the page, which stands in it deflated. A browser that cannot inflate goes no further. */
async function unpacked() {
  if (typeof DecompressionStream !== "function") {
    byId("static-note").textContent = "The sliders need a browser of 2023 or later. These are the numbers of the scenario as given.";
    await new Promise(() => {});
  }
  const packed = new Blob([bytesOf(byId("data").textContent)]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
}

const DATA = await unpacked();
const SIDES = DATA.sides.map((side) => side.id);
const NATIONS = Object.fromEntries(DATA.sides.map((side) => [side.id, side.label]));
const sideNamed = (id) => DATA.sides[SIDES.indexOf(id)];
DATA.sides.forEach((side, n) => { if (side.colour) document.documentElement.style.setProperty(["--first", "--second"][n], side.colour); });

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
/** A number that is no share, as a rung: in hundredths, and no zeros at its end. */
const inShort = (value) => String(Number(value.toFixed(2)));
const points = (d) => `${d >= 0 ? "+" : "−"}${Math.abs(100 * d).toFixed(1)}`;
const count = (n) => n.toLocaleString("en-GB");
const spoken = (name) => name.replaceAll("_", " ");
/** A number as TOML and a reader write it. */
const plainly = (value) => (typeof value === "number" ? String(value) : spoken(String(value)));
