// The page: a change is played with 1,000 runs at once and sharpened to 10,000 when the hand rests.
const QUICK = 1000, RUNS = 10000;
let shownNow = null, butFor = [];
const timing = { changed: 0, patched: 0, kernel: 0, answered: 0, drawn: 0, runs: 0, first: null };

const say = (text) => { byId("said").textContent = text; };

function showError(error) {
  fill(byId("problem"), make("p", {}, String(error.message ?? error)));
  byId("problem").hidden = false;
}

function choose(path, value) {
  change(path, value);
  changed();
}

/** Something of the reading changed, not of the runs. */
function read(values) {
  Object.assign(state, values);
  settle();
  playButFor();
}

/** Address, controls and pictures as the state is. */
function settle() {
  bring();
  show();
}

/** Address and controls as the state is, before its runs are in. */
function bring() {
  writeAddress();
  bringControls();
  byId("changes").textContent = `Shown: ${changesInWords(state.changes)}${state.seed === DATA.seed ? "" : `; seed ${state.seed}`}.`;
  byId("reset").disabled = !Object.keys(state.changes).length;
  if (DATA.stories.length) byId("stories-note").hidden = !Object.keys(state.changes).length && state.seed === DATA.seed;
}

/** Plays the present state: 1,000 runs first, then on to 10,000 unless something changes. */
function changed() {
  timing.changed = performance.now();
  byId("problem").hidden = true;
  let tables;
  try {
    tables = tablesOf(state.changes);
  } catch (error) {
    bringControls();
    return showError(error);
  }
  timing.patched = performance.now();
  const take = (report) => {
    shownNow = { ...report, tables, week: weekRead(tables) };
    Object.assign(timing, { kernel: report.kernel, runs: report.done });
    timing.answered = performance.now();
    show();
    queueMicrotask(() => { timing.drawn = performance.now(); timing.first ??= timing.drawn; }); // after the charts' own
    if (report.done === RUNS) { playButFor(); playRuns(); }
  };
  document.body.dataset.runs = "";
  play("main", tables, state.seed, [QUICK, RUNS], take);
  playPinned();
  return bring();
}

function show() {
  if (!shownNow) return;
  shownNow.week = weekRead(shownNow.tables);
  byId("week").value = shownNow.week;
  byId("week-said").textContent = `${shownNow.week} (${dateOf(shownNow.week)})`;
  showHeadline(shownNow);
  showRanges(shownNow);
  showSurvival(shownNow);
  showByReading(shownNow);
  showTriggers(shownNow);
  showComparison(shownNow);
  if (byId("k").open) showDefinitions(shownNow);
  if (byId("trajectories-room").open) showTrajectories(shownNow);
  document.body.dataset.runs = shownNow.tally.n;
}

/** The same runs with one channel off at a time, once the reader has opened them and rests. */
function playButFor() {
  if (!byId("butfor").open || shownNow?.done !== RUNS) return;
  const now = shownNow;
  butFor = [];
  byId("butfor").dataset.done = "";
  const live = DATA.channels.map((channel) => [channel, tablesOf(state.changes, channel)]).filter(([, tables]) => tables);
  if (!live.length) fill(byId("butfor-body"), make("p", {}, "No channel is on that could be off."));
  for (const [channel, tables] of live)
    play(`channel:${channel.name}`, tables, state.seed, [RUNS], ({ rows }) => {
      if (shownNow.tables !== now.tables) return;
      butFor.push({ channel, rows });
      showButFor(shownNow, butFor);
      if (butFor.length === live.length) byId("butfor").dataset.done = "yes";
    });
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
  } catch {
    Object.assign(byId("copied"), { hidden: false, value: text });
    byId("copied").select();
    say(`${what}: below, to copy by hand.`);
  }
}

function listen() {
  byId("pin").addEventListener("click", pin);
  byId("unpin").addEventListener("click", unpin);
  byId("reset").addEventListener("click", () => { state.changes = {}; changed(); });
  byId("link").addEventListener("click", () => copy(location.href, "Link"));
  byId("file").addEventListener("click", () => copy(asFile(state.changes), "Scenario file"));
  byId("print").addEventListener("click", () => window.print());
  byId("week").addEventListener("input", () => read({ week: Number(byId("week").value) }));
  byId("week-back").addEventListener("click", () => read({ week: null }));
  byId("seed").addEventListener("change", () => {
    const text = byId("seed").value.trim();
    if (isSeed(text)) { state.seed = String(BigInt(text)); changed(); }
    else showError(new Error(`seed = ${text}: a whole number from 0 to 2^64 - 1`));
    byId("seed").value = state.seed;
  });
  for (const name of ["k", "trajectories-room", "survival-details", "trajectories-details"]) byId(name).addEventListener("toggle", show);
  byId("butfor").addEventListener("toggle", playButFor);
  byId("variable").addEventListener("input", show);
  addEventListener("hashchange", () => follow());
  const anew = () => redrawAll(() => { show(); if (DATA.stories.length) step(stepper.story, stepper.section); if (viewer.conduct) { showRaster(); atWeekOfRun(viewer.week); } for (const anew_ of redrawers) anew_(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", anew);
  let width = innerWidth, timer = 0;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => { if (innerWidth !== width) { width = innerWidth; anew(); } }, 120); });
  addEventListener("beforeprint", () => { for (const chart of charts.values()) chart.setSize({ width: 640, height: 260 }); });
  addEventListener("afterprint", anew);
}

/** Takes the state from the address. */
function follow() {
  const wrong = readAddress();
  byId("seed").value = state.seed;
  changed();
  if (wrong.length) showError(new Error(`Of the link this was not taken: ${wrong.join("; ")}.`));
}

async function begin() {
  try {
    await startEngine();
  } catch (error) {
    byId("static-note").textContent = `The sliders need WebAssembly, which does not start here (${error.message}). The numbers below are those of the scenario as given.`;
    return;
  }
  const variables = [...new Set(DATA.bands.map(([name]) => name))];
  for (const name of variables) byId("variable").append(make("option", { value: name }, spoken(name)));
  byId("live").hidden = false;
  byId("static").hidden = true;
  buildControls();
  byId("settings-room").open = innerWidth > 960;
  listen();
  listenToRuns();
  if (DATA.served) { listenToServed(); listenToPlay(); }
  buildStories();
  buildOdds();
  follow();
}

/** For scripts and tests: the same simulator by calls. */
window.detente = {
  data: DATA, state, timing, engine,
  bytes: (changes, channel = null) => {
    const tables = tablesOf(changes, channel && DATA.channels.find((each) => each.name === channel));
    return tables && bytesOfTables(tables.own);
  },
  tally: async (changes = {}, runs = RUNS, seed = DATA.seed) => (await played("call", tablesOf(changes), seed, runs)).raw,
  rows: async (changes = {}, runs = RUNS, seed = DATA.seed) => (await played("call", tablesOf(changes), seed, runs)).rows.view.buffer,
  kernel: async (runs) => (await played("call", tablesOf({}), DATA.seed, runs)).kernel,
  weeks: async (run, changes = {}, seed = DATA.seed) => {
    const { weeks, width } = await ask("call-weeks", tablesOf(changes), seed, { run });
    return weeksRead(weeks, width);
  },
  conduct: async (runs, changes = {}, seed = DATA.seed) => (await ask("call-weeks", tablesOf(changes), seed, { runs })).weeks,
  file: asFile, wilson, paired,
};
begin();
