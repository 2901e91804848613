// Tables, and bars with intervals: a table with a picture in a column.
const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A bar from zero to a value with its interval, on a scale from low to high. */
function bar(value, ends, low, high) {
  const at = (x) => (200 * (Math.min(Math.max(x, low), high) - low)) / (high - low || 1);
  const [left, right] = [Math.min(at(0), at(value)), Math.max(at(0), at(value))];
  return svg("svg", { viewBox: "0 0 200 16", class: "bar", "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("rect", { x: left, y: 3, width: Math.max(right - left, 0.5), height: 10, class: value < 0 ? "less" : "more" }),
    svg("line", { x1: at(ends[0]), x2: at(ends[1]), y1: 8, y2: 8, class: "whisker" }),
    svg("line", { x1: at(0), x2: at(0), y1: 0, y2: 16, class: "zero" }));
}

/** A table of rows of cells; cells are text or elements, the first of a row is its head. */
function table(caption, heads, rows) {
  const cells = (row) => row.map((cell, n) => (n ? make("td", typeof cell === "string" ? { class: "number" } : {}, cell) : make("th", { scope: "row" }, cell)));
  return make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row)))));
}

const interval = ([low, high], written = share) => `${written(low)} to ${written(high)}`;

/** Puts new content in place of the old. */
const fill = (element, ...content) => element.replaceChildren(...content);
