// What the runs say: headline, curves, definition, triggers, but-for, trajectories.
const outcomeNamed = (name) => DATA.outcomes.find((one) => one.name === name);
const outcomeColour = (outcome) => COLOURS[DATA.outcomes.indexOf(outcome) % COLOURS.length];

/** The week read: the reader's, else the end of the term, else the horizon. */
function weekRead(tables) {
  if (state.week !== null) return state.week;
  const term = ruleOf(tables, "term");
  return ruleOf(tables, "has_truce") && term >= 1 && term <= DATA.weeks ? term : DATA.weeks;
}

function definitionOf(outcome, tables) {
  const key = `${ruleOf(tables, "breakdown_after")}/${ruleOf(tables, "unilateral_after")}`;
  return DATA.definitions[outcome.name]?.[key] ?? outcome.definition;
}

/** Runs in which an outcome holds at the end of the week read. */
function holdsAt(tally, outcome, week) {
  if (outcome.ended === null) return Number(tally.fields.counts[outcome.once]);
  return tally.holding(outcome.ended)[week];
}

function showHeadline({ tally, week, tables }) {
  const outcome = outcomeNamed(state.outcome);
  const hits = holdsAt(tally, outcome, week);
  const ends = wilson(hits, tally.n);
  const when = outcome.ended === null ? "at the end of the first term" : `at the end of week ${week}, ${dateOf(week)}`;
  fill(byId("headline"),
    make("strong", { class: "big" }, share(hits / tally.n)),
    make("span", {}, ` of the runs: ${spoken(outcome.name)} ${when}. 95 % interval ${interval(ends)}, n = ${count(tally.n)}.`));
  fill(byId("definition"), `Counted: ${definitionOf(outcome, tables)}.`);
  const rows = DATA.outcomes.map((one) => {
    const n = holdsAt(tally, one, week);
    return [outcomeChoice(one), share(n / tally.n), interval(wilson(n, tally.n)), bar(n / tally.n, wilson(n, tally.n), 0, 1), make("span", { class: "words" }, definitionOf(one, tables))];
  });
  const focused = document.activeElement?.id;
  fill(byId("outcomes"), table(`At the end of week ${week}, n = ${count(tally.n)}`, ["outcome", "share", "95 % interval", "", "what is counted"], rows));
  if (focused?.startsWith("outcome-")) byId(focused)?.focus();
}

/** The range over what is believed of the settings: of those as given, at the end of the term. */
function showRanges({ week }) {
  const said = DATA.ranges?.said[state.outcome];
  byId("ranges").hidden = !said;
  if (!said) return;
  const here = week === DATA.ranges.week || outcomeNamed(state.outcome).ended === null;
  const moved = Object.keys(state.changes).length > 0;
  byId("ranges").textContent = `${here ? "" : `At the end of week ${DATA.ranges.week}: `}${said}.${moved ? " This range is that of the settings as given, not of what the sliders say." : ""}`;
}

function outcomeChoice(outcome) {
  const id = `outcome-${outcome.name}`;
  const pressed = state.outcome === outcome.name;
  return make("button", { id, type: "button", class: "choice", "aria-pressed": String(pressed), onclick: () => read({ outcome: outcome.name }) }, spoken(outcome.name));
}

/** Each outcome under each reading, of the same runs. */
function showByReading({ rows, week, tables }) {
  const box = byId("by-reading");
  box.hidden = !DATA.readings.length;
  if (box.hidden) return;
  const found = tables.worlds.map(({ first, last }, n) => {
    const own = [];
    for (let run = 0; run < rows.n; run++) if (run % SLOTS >= first && run % SLOTS < last) own.push(run);
    const cells = DATA.outcomes.map((outcome) => {
      const hits = own.filter((run) => rows.holds(run, outcome, week)).length;
      return own.length ? `${share(hits / own.length)} (${interval(wilson(hits, own.length))})` : "-";
    });
    return [spoken(DATA.readings[n].name), count(own.length), ...cells];
  });
  fill(box, table(`Under each reading, at the end of week ${week}: share of its runs, 95 % interval`, ["reading", "n", ...DATA.outcomes.map((one) => spoken(one.name))], found));
}

function curve(tally, outcome) {
  const holds = tally.holding(outcome.ended);
  const ends = holds.map((n) => wilson(n, tally.n));
  return { label: spoken(outcome.name), colour: outcomeColour(outcome), values: holds.map((n) => n / tally.n), low: ends.map(([low]) => low), high: ends.map(([, high]) => high), span: "95 % interval" };
}

function showSurvival({ tally, week }) {
  const curves = DATA.outcomes.filter((one) => one.ended !== null).map((one) => curve(tally, one));
  const before = state.pinned?.tally;
  const chosen = outcomeNamed(state.outcome);
  const kept = before && chosen.ended !== null ? [{ ...curve(before, chosen), label: `${spoken(chosen.name)}, pinned`, colour: "grey", dash: [6, 4] }] : [];
  const said = curves.map((line) => `${line.label} ${share(line.values[week])}`).join(", ");
  draw("survival", [...curves, ...kept], { label: "share of runs", top: 1, week, said: `Curves of the share of runs by week; at the end of week ${week}: ${said}. The table below has the numbers.` });
  if (byId("survival-details").open) tableOf("survival", "Share of runs in which each outcome holds", [...curves, ...kept]);
}

function showDefinitions({ tally, week, tables }) {
  const own = ruleOf(tables, "breakdown_after");
  let widest = 0;
  const rows = DATA.rungs.rows.map(([words, rung]) => [words, ...DATA.rungs.weeks.map((k) => {
    const n = tally.holdingBy(rung, k)[week];
    const [low, high] = wilson(n, tally.n);
    widest = Math.max(widest, (high - low) / 2);
    return `${share(n / tally.n)}${rung === DATA.rungs.here && k === own ? " (here)" : ""}`;
  })]);
  fill(byId("k-body"), table(`Standing at the end of week ${week}, if both sides at a rung or above it for K weeks in a row break it; n = ${count(tally.n)}, 95 % intervals of at most ±${share(widest)}`, ["both at", ...DATA.rungs.weeks.map((k) => `K = ${k}`)], rows));
}

function phraseOf(cause, who, item) {
  const names = cause === "shock" || cause === "act" ? DATA.shocks : DATA.levers;
  const name = names[item] ?? "";
  const text = DATA.words.phrases[cause].replace("{who}", () => sideNamed(who).short).replace("{item}", () => name);
  return name ? text : text.replace(": ", "").trimEnd();
}

function triggers(tally, week) {
  const found = [];
  const [causes, sides, items] = tally.shapes.trigger;
  for (let c = 0; c < causes; c++) for (let i = 0; i < sides; i++) for (let item = 0; item < items; item++) {
    const n = tally.row("trigger", c, i, item).slice(0, week + 1).reduce((a, b) => a + b, 0);
    if (n) found.push({ text: phraseOf(DATA.words.causes[c], SIDES[i], item), n });
  }
  return found.sort((a, b) => b.n - a.n);
}

function showTriggers({ tally, week }) {
  const all = triggers(tally, week);
  if (!all.length) return fill(byId("triggers"), make("p", {}, `No dispute by the end of week ${week} in ${count(tally.n)} runs.`));
  const most = 10, rest = all.slice(most).reduce((sum, each) => sum + each.n, 0);
  const kept = rest ? [...all.slice(0, most), { text: `${all.length - most} others`, n: rest }] : all;
  const high = Math.max(...kept.map((each) => wilson(each.n, tally.n)[1]));
  const rows = kept.map(({ text, n }) => [text, share(n / tally.n), interval(wilson(n, tally.n)), bar(n / tally.n, wilson(n, tally.n), 0, high)]);
  return fill(byId("triggers"), table(`What brought a dispute by the end of week ${week}: share of all runs, n = ${count(tally.n)}`, ["trigger", "share", "95 % interval", ""], rows));
}

/** The rows of the but-for bars as they come in: each channel's runs against the present ones. */
function showButFor(now, found) {
  const outcome = outcomeNamed(state.outcome);
  const rows = found.map(({ channel, rows: others }) => ({ channel, ...flips(now.rows, others, outcome, now.week, now.week) }));
  rows.sort((a, b) => b.value - a.value);
  const most = Math.max(0.01, ...rows.map((row) => Math.max(Math.abs(row.low), Math.abs(row.high))));
  const cells = rows.map((row) => [row.channel.text, `${points(row.value)} points`, `${points(row.low)} to ${points(row.high)}`, bar(row.value, [row.low, row.high], Math.min(0, -most / 4, ...rows.map((each) => each.low)), most)]);
  fill(byId("butfor-body"), table(`${spoken(outcome.name)} at the end of week ${now.week} with one channel off, against the same runs with it; paired, n = ${count(rows[0]?.n ?? 0)}`, ["without", "difference", "95 % interval", ""], cells));
}

const bandsOf = (variable) => DATA.bands.map(([name, who], band) => ({ name, who, band })).filter(({ name }) => name === variable);

function showTrajectories({ tally, week }) {
  const variable = byId("variable").value;
  const lines = bandsOf(variable).map(({ who, band }, n) => {
    const at = Array.from({ length: DATA.weeks }, (_, t) => quantiles(tally.row("hist", band, t + 1), DATA.scales[band], [5, 50, 95]));
    const pick = (q) => [null, ...at.map((each) => each[q])];
    return { label: sideOf(who), colour: COLOURS[n % COLOURS.length], values: pick(1), low: pick(0), high: pick(2), span: "5 to 95 % of runs" };
  });
  const said = lines.map((line) => `${line.label} ${inShort(line.values[week])}`).join(", ");
  bandsOf(variable).forEach(({ who }, n) => {
    const values = DATA.record[`${variable}.${who}`];
    if (values) lines.push({ label: `${sideOf(who)}, on record`, colour: COLOURS[n % COLOURS.length], dash: [2, 5], values });
  });
  byId("record-note").hidden = lines.length === bandsOf(variable).length;
  draw("trajectories", lines, { label: spoken(variable), week, said: `Median and 5 to 95 % of runs of ${variable}, week by week; median at the end of week ${week}: ${said}. The table below has the numbers.` });
  if (byId("trajectories-details").open) tableOf("trajectories", `${spoken(variable)}: median, and 5 to 95 % of ${count(tally.watched)} runs`, lines, inShort);
}
