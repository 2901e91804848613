// From the choices of a reader to the bytes that the week reads (sim/native/tables.py writes the same).
const OWN = worldOf(DATA, DATA.tables);
/** What is played: the scenario itself, or its readings; the scenario itself has names and rules. */
const READINGS = DATA.readings.map((reading) => worldOf(reading, reading.tables.map((table, n) => table ?? DATA.tables[n])));
const TABLE = Object.fromEntries(OWN.base.map((table, number) => [table.name, number]));
const SETTING = OWN.setting;
const SLOTS = 100;
const POLICY = Object.fromEntries(DATA.policies.map((policy) => [policy.name, policy]));

/** Tables as bytes, and how settings and seats get into them. */
function worldOf({ name = "", settings, joint, seats }, tables) {
  return {
    name, settings, joint, seats,
    base: tables.map((table) => ({ ...table, bytes: bytesOf(table.bytes) })),
    setting: Object.fromEntries(settings.map((setting) => [setting.path, setting])),
  };
}

function put(view, byte, kind, value) {
  if (kind === "f8") view.setFloat64(byte, value, true);
  else if (kind === "i4") view.setInt32(byte, value, true);
  else if (kind === "i1") view.setInt8(byte, value);
  else throw new Error(`a number of the kind ${kind}`);
}

function get(view, byte, kind) {
  if (kind === "f8") return view.getFloat64(byte, true);
  return kind === "i4" ? view.getInt32(byte, true) : view.getInt8(byte);
}

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const policyKey = (side, name) => `actors.${side}.policy.${name}`;

/** The policy a side plays under these changes: its entry in the library (null: as given) and values. */
function policyOf(changes, side, world = OWN) {
  const seat = world.seats.find((chair) => chair.side === side);
  const chosen = changes[policyKey(side, "name")];
  const name = chosen ?? seat.policy;
  const policy = POLICY[name] ?? null;
  const values = {};
  for (const parameter of policy?.parameters ?? []) {
    const standing = chosen === undefined ? seat.given[parameter.name] : parameter.default;
    values[parameter.name] = changes[policyKey(side, parameter.name)] ?? standing;
  }
  return { seat, policy, values };
}

function blockOf(world, changes, side) {
  const { seat, policy, values } = policyOf(changes, side, world);
  if (policy === null) return seat.block;
  const key = policy.parameters.map((p) => p.values.indexOf(values[p.name])).join(",");
  return policy.blocks[key];
}

/** Both machines in one set of tables: states and starts of cn come after those of us. */
function seated(world, tables, changes) {
  const blocks = SIDES.map((side) => blockOf(world, changes, side));
  const table = (name, rows) => {
    const model = world.base[TABLE[name]];
    const made = { ...model, rows, bytes: new Uint8Array(rows * model.columns * model.size) };
    tables[TABLE[name]] = made;
    return [made, viewOf(made.bytes)];
  };
  const states = blocks[0].moves.length + blocks[1].moves.length;
  const [, moves] = table("moves", states);
  const [, following] = table("following", states);
  const [startTable, starts] = table("starts", blocks[0].starts.length + blocks[1].starts.length);
  let state = 0, start = 0;
  blocks.forEach((block, side) => {
    const actor = (field, value) => {
      const [byte, kind] = tables[TABLE.actors].fields[field];
      put(viewOf(tables[TABLE.actors].bytes), side * tables[TABLE.actors].size + byte, kind, value);
    };
    actor("sensor", block.sensor);
    actor("threshold", block.threshold);
    for (const [field, weight] of Object.entries(block.weights)) actor(field, weight);
    actor("first_start", start);
    actor("n_starts", block.starts.length);
    block.moves.forEach((row, s) => row.forEach((p, n) => put(moves, 16 * (state + s) + 8 * n, "f8", p)));
    block.following.forEach((row, s) => row.forEach((to, n) => put(following, 16 * (state + s) + 4 * n, "i4", to + state)));
    for (const [first, cumulative] of block.starts) {
      const at = start * startTable.size;
      put(starts, at + startTable.fields.state[0], "i4", first + state);
      put(starts, at + startTable.fields.cumulative[0], "f8", cumulative);
      start += 1;
    }
    state += block.moves.length;
  });
}

function patch(world, tables, changes) {
  const valueOf = (path) => changes[path] ?? world.setting[path].value;
  const write = ([table, byte, kind], value) => put(viewOf(tables[table].bytes), byte, kind, value);
  for (const setting of world.settings)
    if (setting.places && changes[setting.path] !== undefined)
      for (const place of setting.places) write(place, changes[setting.path]);
  for (const joint of world.joint) {
    if (!joint.paths.some((path) => changes[path] !== undefined)) continue;
    const key = joint.paths.map((path) => world.setting[path].values.indexOf(valueOf(path))).join(",");
    const written = joint.written[key];
    if (!written) throw new Error(`these do not fit together: ${joint.paths.join(", ")}`);
    written.forEach((value, n) => { if (value !== null) write(joint.places[n], value); });
  }
}

/** The tables of a world under these changes; `channel`: with one channel off, null if it was off. */
function tablesIn(world, changes, channel) {
  const tables = world.base.map((table) => ({ ...table, bytes: table.bytes.slice() }));
  seated(world, tables, changes);
  patch(world, tables, changes);
  if (channel === null) return { tables, differs: true };
  let differs = false;
  for (const [[table, byte, kind], how, value] of channel.operations) {
    const view = viewOf(tables[table].bytes);
    const before = get(view, byte, kind);
    const after = how === "at least" ? Math.max(before, value) : value;
    differs ||= after !== before;
    put(view, byte, kind, after);
  }
  tables[TABLE.bands] = { ...tables[TABLE.bands], rows: 0, bytes: new Uint8Array(0) };
  return { tables, differs };
}

const weightPath = (reading) => `readings.${reading.name}.weight`;
const weightOf = (changes, reading) => Math.round(SLOTS * (changes[weightPath(reading)] ?? reading.weight));

/** Of every reading the runs it has, by their number modulo SLOTS: from first to before last. */
function slotsOf(changes) {
  let first = 0;
  return DATA.readings.map((reading) => {
    const slots = { first, last: first + weightOf(changes, reading) };
    first = slots.last;
    return slots;
  });
}

/** What is played under these changes: `own` for names and rules, `worlds` with the runs of each. */
function tablesOf(changes, channel = null) {
  const own = tablesIn(OWN, changes, channel);
  if (!READINGS.length) return own.differs ? { own: own.tables, worlds: [{ tables: own.tables, first: 0, last: SLOTS }] } : null;
  const made = READINGS.map((world) => tablesIn(world, changes, channel));
  const slots = slotsOf(changes);
  const worlds = made.map(({ tables }, n) => ({ tables, ...slots[n] }));
  return made.some(({ differs }) => differs) ? { own: own.tables, worlds } : null;
}

/** The bytes of tables, as the week reads them. */
function bytesOfTables(tables) {
  const room = tables.reduce((sum, table) => sum + 24 + 8 * Math.ceil(table.bytes.length / 8), 8);
  const out = new Uint8Array(room);
  const view = viewOf(out);
  out.set(new TextEncoder().encode("DETENTE1"));
  let at = 8;
  for (const table of tables) {
    [table.rows, table.columns, table.size].forEach((n, i) => view.setBigInt64(at + 8 * i, BigInt(n), true));
    out.set(table.bytes, at + 24);
    at += 24 + 8 * Math.ceil(table.bytes.length / 8);
  }
  return out;
}

/** A field of the rules: weeks, term, breakdown_after, ... */
function ruleOf({ own }, name) {
  const rules = own[TABLE.rules];
  return get(viewOf(rules.bytes), ...rules.fields[name]);
}
