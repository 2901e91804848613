// What a reader has chosen: in the address, so that a link is a scenario, and as a file.
const state = {
  changes: {}, seed: DATA.seed, outcome: DATA.headline, week: null, pinned: null,
};

/** What is wrong with a value for a path under these changes; "" if nothing is. */
function refusal(changes, path, value) {
  const parts = path.split(".");
  if (parts[0] === "readings") {
    if (!DATA.readings.some((reading) => weightPath(reading) === path)) return "no such reading";
    return isWeight(value) ? "" : "not a whole number of hundredths above 0, at most 1";
  }
  if (parts[0] === "actors" && parts[2] === "policy") {
    if (!DATA.chosen.includes(parts[1])) return SIDES.includes(parts[1]) ? "each reading has its own policy there" : "no such side";
    if (parts[3] === "name") return POLICY[value] ? "" : "no such policy";
    const parameter = policyOf(changes, parts[1]).policy?.parameters.find((p) => p.name === parts[3]);
    if (!parameter) return "no such parameter of the policy played";
    return parameter.values.includes(value) ? "" : `not one of ${parameter.values.join(", ")}`;
  }
  const setting = SETTING[path];
  if (!setting) return "no such setting";
  if (!DATA.shared.includes(path)) return "each reading has its own value there";
  if (setting.values.includes(value)) return "";
  const [low, high] = [setting.values[0], setting.values.at(-1)];
  const between = setting.places && typeof value === "number" && value >= low && value <= high;
  const whole = Number.isInteger(low) && Number.isInteger(high) && setting.values.every(Number.isInteger);
  const kinds = setting.places?.every(([, , kind]) => kind === "f8" || Number.isInteger(value));
  return between && kinds && (!whole || Number.isInteger(value)) ? "" : `not from ${low} to ${high}`;
}

const isWeight = (value) => typeof value === "number" && value > 0 && value <= 1 && Math.abs(SLOTS * value - Math.round(SLOTS * value)) < 1e-9;

/** Gives a reading so many hundredths of the runs; the others share the rest as they stood, one at least. */
function weigh(changes, name, hundredths) {
  const others = DATA.readings.filter((reading) => reading.name !== name);
  const before = others.reduce((sum, reading) => sum + weightOf(changes, reading), 0);
  let left = SLOTS - hundredths, rest = before;
  const found = { [name]: hundredths };
  others.forEach((reading, n) => {
    const part = rest ? weightOf(changes, reading) / rest : 1 / (others.length - n);
    found[reading.name] = Math.min(Math.max(Math.round(left * part), 1), left - (others.length - 1 - n));
    rest -= weightOf(changes, reading);
    left -= found[reading.name];
  });
  const asGiven = DATA.readings.every((reading) => found[reading.name] === Math.round(SLOTS * reading.weight));
  for (const reading of DATA.readings) {
    if (asGiven) delete changes[weightPath(reading)];
    else changes[weightPath(reading)] = found[reading.name] / SLOTS;
  }
}

const typed = (text) => (text === "true" ? true : text === "false" ? false : text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text);

/** Sets one value; one that stands there already is no change. A new policy starts from its defaults. */
function change(path, value) {
  const parts = path.split(".");
  if (path.endsWith(".policy.name")) {
    for (const key of Object.keys(state.changes))
      if (key.startsWith(`actors.${parts[1]}.policy.`)) delete state.changes[key];
    if (value && value !== DATA.seats.find((chair) => chair.side === parts[1]).policy) state.changes[path] = value;
    return;
  }
  delete state.changes[path];
  const inPolicy = parts[2] === "policy";
  const standing = inPolicy ? policyOf(state.changes, parts[1]).values[parts[3]] : SETTING[path].value;
  if (value !== standing) state.changes[path] = value;
}

function addressOf(changes) {
  return Object.entries(changes).map(([path, value]) => `${encodeURIComponent(path)}=${encodeURIComponent(value)}`);
}

function writeAddress() {
  const parts = addressOf(state.changes);
  if (state.seed !== DATA.seed) parts.push(`seed=${state.seed}`);
  if (state.outcome !== DATA.headline) parts.push(`outcome=${state.outcome}`);
  if (state.week !== null) parts.push(`week=${state.week}`);
  if (state.pinned) parts.push(`pin=${encodeURIComponent(addressOf(state.pinned.changes).join("&"))}`);
  if (parts.length) parts.push(`of=${DATA.scenario.hash.slice(0, 12)}`);
  history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
}

/** Changes in a text of path=value, and what could not be taken. */
function readChanges(pairs, wrong) {
  const changes = {};
  const names = ([path]) => (path.endsWith(".policy.name") ? 0 : 1);
  for (const [path, text] of [...pairs].sort((a, b) => names(a) - names(b))) {
    const value = typed(text);
    const why = refusal(changes, path, value);
    if (why) wrong.push(`${path} = ${text}: ${why}`);
    else changes[path] = value;
  }
  const weights = DATA.readings.map((reading) => weightOf(changes, reading));
  if (weights.length && weights.reduce((a, b) => a + b) !== SLOTS) {
    wrong.push(`weights of readings: ${weights.join(" + ")} hundredths, not ${SLOTS}`);
    for (const reading of DATA.readings) delete changes[weightPath(reading)];
  }
  return changes;
}

/** Reads the address into the state; returns what could not be taken, a line each. */
function readAddress() {
  const wrong = [];
  const all = [...new URLSearchParams(location.hash.slice(1))];
  const given = Object.fromEntries(all);
  const own = ["seed", "outcome", "week", "pin", "of"];
  if (given.of && !DATA.scenario.hash.startsWith(given.of))
    wrong.push("the link was made for another version of this scenario; what fits was taken");
  state.changes = readChanges(all.filter(([path]) => !own.includes(path)), wrong);
  state.seed = isSeed(given.seed ?? DATA.seed) ? given.seed ?? DATA.seed : (wrong.push(`seed = ${given.seed}: not a whole number from 0 to 2^64 - 1`), DATA.seed);
  state.outcome = DATA.outcomes.some((one) => one.name === given.outcome) ? given.outcome : DATA.headline;
  if (given.outcome && state.outcome !== given.outcome) wrong.push(`outcome = ${given.outcome}: not one of ${DATA.outcomes.map((one) => one.name).join(", ")}`);
  const week = Number(given.week);
  const fits = Number.isInteger(week) && week >= 1 && week <= DATA.weeks;
  if (given.week !== undefined && !fits) wrong.push(`week = ${given.week}: not a week from 1 to ${DATA.weeks}`);
  state.week = given.week !== undefined && fits ? week : null;
  state.pinned = given.pin === undefined ? null : { changes: readChanges([...new URLSearchParams(given.pin)], wrong), seed: state.seed };
  return wrong;
}

const isSeed = (text) => /^[0-9]{1,20}$/.test(text) && BigInt(text) < 2n ** 64n;

const tomlOf = (value) => (typeof value === "string" ? JSON.stringify(value) : String(value));

/** Where a file says a value: what the reading shown sets is written over in that reading. */
function placeOf(path) {
  const own = DATA.scenario.sets.some((set) => path === set || path.startsWith(`${set}.`));
  return own ? `readings.${DATA.scenario.reading}.values.${JSON.stringify(path)}` : path;
}

/** The changes as a scenario file on top of this one. */
function asFile(changes) {
  const { name, title, extends: base } = DATA.scenario;
  const lines = [`title = ${JSON.stringify(`${title}, changed`)}`, `extends = ${JSON.stringify(base)}`, ""];
  const all = { ...DATA.scenario.changed, ...changes };
  for (const [path, value] of Object.entries(all).sort(([a], [b]) => (a.endsWith(".name") ? -1 : b.endsWith(".name") ? 1 : 0)))
    lines.push(`${placeOf(path)} = ${tomlOf(value)}`);
  const seed = state.seed === DATA.seed ? "" : ` --seed ${state.seed}`;
  return `# ${name} with other values. Save as my.toml, then: detente run my.toml${seed}${DATA.scenario.reading ? ` --reading ${DATA.scenario.reading}` : ""}\n${lines.join("\n")}\n`;
}
