// What was pinned against what is now, run by run with common random numbers.

/** How an outcome differs between two samples of the same runs. */
function flips(before, after, outcome, weekBefore, weekAfter) {
  const n = Math.min(before.n, after.n);
  let gained = 0, lost = 0;
  for (let run = 0; run < n; run++) {
    const [one, two] = [before.holds(run, outcome, weekBefore), after.holds(run, outcome, weekAfter)];
    gained += two && !one;
    lost += one && !two;
  }
  return paired(gained, lost, n);
}

function changesInWords(changes) {
  const words = Object.entries(changes).map(([path, value]) => `${path} = ${plainly(value)}`);
  return words.length ? words.join(", ") : "the scenario as given";
}

function showComparison(now) {
  const box = byId("comparison");
  const pinned = state.pinned;
  byId("unpin").hidden = !pinned;
  box.hidden = !pinned?.rows;
  if (box.hidden) return;
  const all = DATA.outcomes.map((outcome) => flips(pinned.rows, now.rows, outcome, now.week, now.week));
  const span = Math.max(0.02, ...all.flatMap((found) => [Math.abs(found.low), Math.abs(found.high)]));
  const rows = all.map((found, n) => {
    return [spoken(DATA.outcomes[n].name), `${points(found.value)} points`, `${points(found.low)} to ${points(found.high)}`, bar(found.value, [found.low, found.high], -span, span), count(found.gained), count(found.lost)];
  });
  const n = Math.min(pinned.rows.n, now.rows.n);
  fill(byId("comparison-body"),
    make("p", {}, `Pinned: ${changesInWords(pinned.changes)}. Now: ${changesInWords(state.changes)}.`),
    table(`Change from the pinned version at the end of week ${now.week}: the same ${count(n)} runs with common random numbers, paired`, ["outcome", "difference", "95 % interval", "", "hold only now", "held only before"], rows));
}

function pin() {
  if (!shownNow) return;
  state.pinned = { changes: { ...state.changes }, seed: state.seed, tally: shownNow.tally, rows: shownNow.rows };
  settle();
  say("Pinned. What follows is compared with it, with common random numbers.");
}

function unpin() {
  state.pinned = null;
  settle();
  say("Unpinned.");
}

/** Plays what a link pins, or what was pinned with another seed. */
function playPinned() {
  const pinned = state.pinned;
  if (!pinned || (pinned.rows?.n === RUNS && pinned.seed === state.seed)) return;
  pinned.seed = state.seed;
  play("pin", tablesOf(pinned.changes), state.seed, [RUNS], ({ tally, rows }) => {
    if (state.pinned !== pinned) return;
    Object.assign(pinned, { tally, rows });
    show();
  });
}
