// From the choices of a reader to the bytes that the week reads (sim/native/tables.py writes the same).
const BASE = DATA.tables.map((table) => ({ ...table, bytes: bytesOf(table.bytes) }));
const TABLE = Object.fromEntries(BASE.map((table, number) => [table.name, number]));
const SETTING = Object.fromEntries(DATA.settings.map((setting) => [setting.path, setting]));
const POLICY = Object.fromEntries(DATA.policies.map((policy) => [policy.name, policy]));

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
function policyOf(changes, side) {
  const seat = DATA.seats.find((chair) => chair.side === side);
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

function blockOf(changes, side) {
  const { seat, policy, values } = policyOf(changes, side);
  if (policy === null) return seat.block;
  const key = policy.parameters.map((p) => p.values.indexOf(values[p.name])).join(",");
  return policy.blocks[key];
}

/** Both machines in one set of tables: states and starts of cn come after those of us. */
function seated(tables, changes) {
  const blocks = SIDES.map((side) => blockOf(changes, side));
  const table = (name, rows) => {
    const model = BASE[TABLE[name]];
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

const valueOf = (changes, path) => changes[path] ?? SETTING[path].value;

function patch(tables, changes) {
  const write = ([table, byte, kind], value) => put(viewOf(tables[table].bytes), byte, kind, value);
  for (const setting of DATA.settings)
    if (setting.places && changes[setting.path] !== undefined)
      for (const place of setting.places) write(place, changes[setting.path]);
  for (const joint of DATA.joint) {
    if (!joint.paths.some((path) => changes[path] !== undefined)) continue;
    const key = joint.paths.map((path) => SETTING[path].values.indexOf(valueOf(changes, path))).join(",");
    const written = joint.written[key];
    if (!written) throw new Error(`these do not fit together: ${joint.paths.join(", ")}`);
    written.forEach((value, n) => { if (value !== null) write(joint.places[n], value); });
  }
}

/** The tables under these changes; `channel`: with one channel of the but-for bars off. */
function tablesOf(changes, channel = null) {
  const tables = BASE.map((table) => ({ ...table, bytes: table.bytes.slice() }));
  seated(tables, changes);
  patch(tables, changes);
  if (channel === null) return tables;
  let differs = false;
  for (const [[table, byte, kind], how, value] of channel.operations) {
    const view = viewOf(tables[table].bytes);
    const before = get(view, byte, kind);
    const after = how === "at least" ? Math.max(before, value) : value;
    differs ||= after !== before;
    put(view, byte, kind, after);
  }
  tables[TABLE.bands] = { ...tables[TABLE.bands], rows: 0, bytes: new Uint8Array(0) };
  return differs ? tables : null;
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
function ruleOf(tables, name) {
  const rules = tables[TABLE.rules];
  return get(viewOf(rules.bytes), ...rules.fields[name]);
}
