// Curves with uPlot, in the colours of the page; the table behind each is filled with the same numbers.
const charts = new Map();
const redrawers = []; // of rooms that are drawn once
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const COLOURS = ["blue", "orange", "green", "purple", "grey"];

const weeksAxis = () => Array.from({ length: DATA.weeks + 1 }, (_, week) => week);

function axes(label) {
  const line = { stroke: colour("text"), grid: { stroke: colour("rule"), width: 1 }, ticks: { stroke: colour("rule") }, font: "13px system-ui, sans-serif" };
  const dates = (_, weeks) => weeks.map((week) => (Number.isInteger(week) ? String(week) : ""));
  return [
    { ...line, values: dates, label: "end of week", labelFont: line.font, size: 40, labelSize: 20, incrs: [1, 2, 4, 13, 26, 52, 104] },
    { ...line, label, labelFont: line.font, size: 52, labelSize: 20 },
  ];
}

/** A line over a band: { label, values, low, high, colour, dash }. */
function seriesOf(lines, written) {
  const data = [weeksAxis()], series = [{ label: "week", value: (_, week) => (week === null ? "" : `${week}${week ? ` (to ${dateOf(week)})` : ""}`) }], bands = [];
  for (const line of lines) {
    const stroke = colour(line.colour);
    data.push(line.values);
    series.push({ label: line.label, stroke, width: 2, dash: line.dash, spanGaps: Boolean(line.gaps), points: { show: Boolean(line.gaps), size: 6 }, value: (_, p) => (p === null || p === undefined ? "" : written(p)) });
    if (!line.low) continue;
    data.push(line.high, line.low);
    const hidden = { spanGaps: Boolean(line.gaps), stroke: "transparent", width: 0, points: { show: false }, class: "hidden" };
    series.push({ ...hidden, label: `${line.label}, high` }, { ...hidden, label: `${line.label}, low` });
    bands.push({ series: [data.length - 2, data.length - 1], fill: `${stroke}33` });
  }
  return { data, series, bands };
}

/** The mark of the week read: a vertical line. */
function weekMark(chart) {
  const x = Math.round(chart.valToPos(chart.week, "x", true));
  chart.ctx.save();
  chart.ctx.strokeStyle = colour("text");
  chart.ctx.setLineDash([4, 4]);
  chart.ctx.beginPath();
  chart.ctx.moveTo(x, chart.bbox.top);
  chart.ctx.lineTo(x, chart.bbox.top + chart.bbox.height);
  chart.ctx.stroke();
  chart.ctx.restore();
}

/** Where no hand points, the legend has the values of the week read. */
function atWeek(chart) {
  if (chart.cursor.idx === null || chart.cursor.idx === undefined) chart.setLegend({ idx: chart.week ?? 0 }, false);
}

/** How the legend draws a line: with short dashes, with long ones, or whole. */
const strokeOf = (dash) => (dash ? (dash[0] > 3 ? "dashed" : "dotted") : "solid");

const widthOf = (holder) => Math.max(280, Math.floor(holder.clientWidth));
const heightOf = (holder) => Math.round(Math.min(320, 120 + widthOf(holder) / 3));

/** Draws lines into the holder of that name; a chart of the same shape only gets new numbers. */
function draw(name, lines, { label, top = null, week = null, said = "" }) {
  const holder = byId(name);
  const { data, series, bands } = seriesOf(lines, top === 1 ? share : inShort);
  const shape = JSON.stringify([series.map((s) => [s.label, s.stroke, s.dash]), label, top]);
  holder.setAttribute("aria-label", said);
  let chart = charts.get(name);
  if (chart?.shape !== shape) {
    chart?.destroy();
    chart = new uPlot({
      width: widthOf(holder), height: heightOf(holder), series, bands, axes: axes(label),
      scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(0, low), top ?? Math.max(high * 1.05, 0.01)] } },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } }, legend: { live: true, markers: { width: 3, dash: (u, n) => strokeOf(u.series[n].dash) } },
      hooks: { draw: [(u) => { if (u.week) weekMark(u); }], setCursor: [atWeek] },
    }, data, holder);
    chart.shape = shape;
    for (const row of holder.querySelectorAll(".u-legend .u-series"))
      if (/, (high|low)$/.test(row.querySelector(".u-label").textContent)) row.hidden = true;
    charts.set(name, chart);
    chart.week = week;
    chart.redraw(false);
  } else {
    chart.week = week;
    chart.setData(data);
  }
  atWeek(chart);
}

/** Draws everything anew: another width, other colours. */
function redrawAll(redraw) {
  for (const [, chart] of charts) chart.destroy?.();
  charts.clear();
  redraw();
}

const orNothing = (p, written) => (p === null || p === undefined ? "-" : written(p));

/** The numbers of lines as a table, every week or so many of them. */
function tableOf(name, caption, lines, written = share) {
  const every = Math.max(1, Math.ceil(DATA.weeks / 60));
  const heads = ["week", ...lines.flatMap((line) => (line.low ? [line.label, `${line.label}, ${line.span}`] : [line.label]))];
  const rows = weeksAxis().filter((week) => week && week % every === 0).map((week) => [
    `${week} (${dateOf(week)})`,
    ...lines.flatMap((line) => (line.low ? [orNothing(line.values[week], written), interval([line.low[week], line.high[week]], written)] : [orNothing(line.values[week], written)])),
  ]);
  fill(byId(`${name}-table`), table(caption, heads, rows));
}
