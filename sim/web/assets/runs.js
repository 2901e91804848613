// Single runs of what the sliders say: 200 of them as a raster, and any one of them week by week.
const RASTER = 200;
const CONDUCT = DATA.weekly.conduct;
const viewer = { run: 0, week: 0, conduct: null, order: [], run_weeks: null, tables: null };

/** A run's weeks by name: { world, sides, levers, allies, deals } each. */
function weeksRead(buffer, width) {
  const all = new Float64Array(buffer), { world, side, lever } = DATA.weekly;
  const named = (names, at) => Object.fromEntries(names.map((name, n) => [name, all[at + n]]));
  return Array.from({ length: DATA.weeks }, (_, week) => {
    let at = week * width;
    const take = (names) => { const found = named(names, at); at += names.length; return found; };
    const found = { world: take(world), sides: Object.fromEntries(SIDES.map((id) => [id, take(side)])), levers: DATA.levers.map(() => take(lever)) };
    found.allies = DATA.allies.map(() => all[at++]);
    found.deals = DATA.deals.map(() => all[at++]);
    return found;
  });
}

/** Plays the raster and the run shown again, if the reader has them open. */
async function playRuns() {
  if (!byId("runs-room").open || !shownNow || shownNow.done < QUICK || viewer.tables === shownNow.tables) return;
  const now = shownNow;
  viewer.tables = now.tables;
  try {
    const { weeks } = await ask("raster", now.tables, state.seed, { runs: RASTER });
    viewer.conduct = new Uint8Array(weeks);
  } catch (error) { return showError(error); }
  showRaster();
  await openRun(viewer.run, viewer.week);
}

const lasting = (run) => { const week = shownNow.rows.at(run, outcomeNamed(DATA.headline).field); return week || DATA.weeks + 1; };

/** The runs as they stand in the raster, the longest on top or by number. */
function ordered() {
  const runs = Array.from({ length: RASTER }, (_, run) => run);
  if (byId("raster-order").value === "number") return runs;
  const bad = (run) => { let sum = 0; for (let t = 0; t < DATA.weeks; t++) sum += (viewer.conduct[run * DATA.weeks + t] & 3) !== 0; return sum; };
  const worst = runs.map(bad);
  return runs.sort((a, b) => lasting(b) - lasting(a) || worst[a] - worst[b] || a - b);
}

const SHADES = [["rule", "neither side in violation"], ["first", `${DATA.sides[0].short} alone`], ["second", `${DATA.sides[1].short} alone`], ["purple", "both"]];

/** A line a run, a cell a week: who stood above what is owed. */
function showRaster() {
  viewer.order = ordered();
  const canvas = byId("raster");
  const [wide, high] = [Math.max(280, canvas.parentElement.clientWidth), 2 * RASTER];
  const sharp = devicePixelRatio || 1;
  Object.assign(canvas, { width: wide * sharp, height: high * sharp });
  canvas.style.height = `${high}px`;
  const pen = canvas.getContext("2d");
  pen.scale(sharp, sharp);
  const cell = wide / DATA.weeks, colours = SHADES.map(([name]) => colour(name));
  viewer.order.forEach((run, row) => {
    for (let t = 0; t < DATA.weeks; t++) {
      pen.fillStyle = colours[viewer.conduct[run * DATA.weeks + t] & 3];
      pen.fillRect(t * cell, 2 * row, Math.ceil(cell), 2);
    }
    const end = lasting(run);
    if (end > DATA.weeks) return;
    pen.fillStyle = colour("text");
    pen.fillRect(end * cell - Math.min(3, cell), 2 * row, Math.min(3, cell), 2);
  });
  markRun();
  fill(byId("raster-legend"), ...SHADES.map(([name, words]) => make("span", { class: `key key-${name}` }, words)), make("span", { class: "key key-text" }, `${spoken(DATA.headline)} ends`));
  if (byId("raster-details").open) rasterTable();
}

/** The run shown, as a frame over its line. */
function markRun() {
  const row = viewer.order.indexOf(viewer.run);
  byId("raster-mark").hidden = row < 0;
  byId("raster-mark").style.top = `${2 * row - 3}px`;
  const canvas = byId("raster");
  canvas.setAttribute("aria-valuenow", row + 1);
  canvas.setAttribute("aria-valuetext", `run ${viewer.run}: ${endOf(viewer.run)}`);
}

function rasterTable() {
  const rows = [];
  for (let t = 0; t < DATA.weeks; t++) {
    const found = [0, 0, 0, 0];
    for (let run = 0; run < RASTER; run++) found[viewer.conduct[run * DATA.weeks + t] & 3] += 1;
    rows.push([`${t + 1} (${dateOf(t + 1)})`, ...found.map(String)]);
  }
  fill(byId("raster-table"), table(`Of the first ${RASTER} runs, how many in each week`, ["week", ...SHADES.map(([, words]) => words)], rows));
}

function endOf(run) {
  const week = shownNow.rows.at(run, outcomeNamed(DATA.headline).field);
  return week ? `${spoken(DATA.headline)} ends in week ${week}` : `${spoken(DATA.headline)} for all ${DATA.weeks} weeks`;
}

/** Opens a run of what the sliders say at a week. */
async function openRun(run, week = 0) {
  viewer.run = run;
  markRun();
  const { weeks, width } = await ask("weeks", viewer.tables, state.seed, { run });
  if (viewer.run !== run) return;
  viewer.run_weeks = weeksRead(weeks, width);
  byId("run").value = run;
  atWeekOfRun(Math.min(week, DATA.weeks));
}

function atWeekOfRun(week) {
  viewer.week = Math.min(Math.max(week, 0), DATA.weeks);
  Object.assign(byId("run-week"), { max: DATA.weeks, value: viewer.week });
  byId("run-earlier").disabled = viewer.week === 0;
  byId("run-later").disabled = viewer.week === DATA.weeks;
  const title = viewer.week ? `Run ${viewer.run}, week ${viewer.week}, to ${dateOf(viewer.week)}` : `Run ${viewer.run}: before the first week`;
  byId("run-week").setAttribute("aria-valuetext", title);
  const lines = viewer.week ? weekLines(viewer.run_weeks, viewer.week) : [`Step on, or press an arrow. ${opened(endOf(viewer.run))}.`];
  fill(byId("run-told"), make("h3", {}, title), listed(lines), ...(viewer.week ? [stateTable(viewer.run_weeks[viewer.week - 1])] : []));
  ladder("run-ladder", SIDES.map((side) => viewer.run_weeks.map((each) => each.sides[side].rung)), viewer.week);
  document.body.dataset.run = `${viewer.run}/${viewer.week}`;
}

const opened = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const whoOf = (side) => sideNamed(side).short;
const MOVED = ["retaliates", "holds", "concedes"];
const nameOf = (lever) => { const [side, name] = lever.split("."); return `${NATIONS[side]} ${spoken(name)}`; };

/** What happened in a week, a line each: moves, levers, signals and what was true, talks, the truce. */
function weekLines(weeks, number) {
  const now = weeks[number - 1], before = weeks[number - 2];
  const lines = SIDES.map((side) => `${opened(whoOf(side))} ${MOVED[now.sides[side].move]}.`);
  now.levers.forEach((lever, k) => {
    const was = before ? before.levers[k].level : null;
    if (was !== null && was !== lever.level) lines.push(`${nameOf(DATA.levers[k])}: ${was} → ${lever.level} of ${DATA.notches[k]}, held to ${lever.counts}.`);
  });
  SIDES.forEach((side, n) => {
    const other = SIDES[1 - n], saw = now.sides[side].saw_bad, truth = now.sides[other].violates;
    if (saw || truth) lines.push(`${opened(whoOf(side))} sees ${saw ? "a breach" : "nothing wrong"} by ${whoOf(other)}: ${saw === truth ? "that is so" : saw ? "there is none (a false alarm)" : "it misses one"}.`);
  });
  if (now.world.talks) lines.push("Talks are held.");
  now.deals.forEach((struck, d) => { if (struck && !(before?.deals[d])) lines.push(`Deal: ${spoken(DATA.deals[d])}.`); });
  now.allies.forEach((joined, m) => { if (joined === number) lines.push(`${opened(DATA.ally_names[m])} decides to join.`); });
  if (before) lines.push(...termLines(now.world, before.world, number));
  if (shownNow.rows.at(viewer.run, outcomeNamed(DATA.headline).field) === number) lines.push(`This is the week in which it is no longer ${spoken(DATA.headline)}.`);
  return lines;
}

/** What became of the truce in law in a week. Only in the last week of its term is it extended. */
function termLines(now, before, number) {
  const term = now.expiry < DATA.never ? `to week ${now.expiry}` : "open-ended";
  const moved = now.expiry !== before.expiry, due = before.expiry === number;
  const anew = now.in_force && (!before.in_force || (moved && !due));
  const lines = before.in_force && (anew || !now.in_force) ? ["The truce in law ends."] : [];
  if (anew) lines.push(`A truce is agreed anew, ${term}.`);
  else if (now.in_force && moved) lines.push(`The truce is extended ${term}.`);
  return lines;
}

/** Where both sides and their levers stand. */
function stateTable(now) {
  const percent = (share_) => `${Math.round(100 * share_)} %`;
  const both = (words, of) => [words, ...SIDES.map((side) => of(now.sides[side]))];
  const sides = table("Both sides at the end of the week", ["", ...SIDES.map((side) => NATIONS[side])], [
    both("rung above what it is held to", ({ rung }) => rung.toFixed(2)),
    both("belief that the other plays badly", ({ belief }) => percent(belief)),
    both("shortage felt", ({ felt }) => percent(felt)),
    both("pressure to talk", ({ pressure }) => percent(pressure)),
  ]);
  const levers = table("Levers", ["lever", "level", "held to", "goods let through", "stock, weeks"],
    now.levers.map((lever, k) => [nameOf(DATA.levers[k]), `${lever.level} of ${DATA.notches[k]}`, String(lever.counts), percent(lever.flow), lever.stock.toFixed(1)]));
  return make("div", { class: "scroll" }, sides, make("details", {}, make("summary", {}, "Every lever"), levers));
}

function listenToRuns() {
  const canvas = byId("raster");
  const open = (run) => openRun(run, viewer.week).catch(showError);
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    viewer.week = Math.min(DATA.weeks, 1 + Math.floor(((event.clientX - box.left) / box.width) * DATA.weeks));
    open(viewer.order[Math.min(RASTER - 1, Math.floor(((event.clientY - box.top) / box.height) * RASTER))]);
  });
  canvas.addEventListener("keydown", (event) => {
    const row = viewer.order.indexOf(viewer.run), last = RASTER - 1;
    const to = { ArrowUp: row - 1, ArrowDown: row + 1, PageUp: row - 10, PageDown: row + 10, Home: 0, End: last }[event.key];
    const step_ = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (to === undefined && step_ === undefined) return;
    event.preventDefault();
    if (step_) atWeekOfRun(viewer.week + step_);
    else open(viewer.order[Math.min(Math.max(to, 0), last)]);
  });
  byId("run").addEventListener("change", () => {
    const text = byId("run").value.trim();
    if (/^[0-9]{1,5}$/.test(text) && Number(text) < RUNS) return open(Number(text));
    byId("run").value = viewer.run;
    return showError(new Error(`run = ${text}: a whole number from 0 to ${RUNS - 1}`));
  });
  byId("run-week").addEventListener("input", () => atWeekOfRun(Number(byId("run-week").value)));
  byId("run-earlier").addEventListener("click", () => atWeekOfRun(viewer.week - 1));
  byId("run-later").addEventListener("click", () => atWeekOfRun(viewer.week + 1));
  byId("raster-order").addEventListener("input", () => viewer.conduct && showRaster());
  byId("raster-details").addEventListener("toggle", () => viewer.conduct && rasterTable());
  byId("runs-room").addEventListener("toggle", () => playRuns());
}
