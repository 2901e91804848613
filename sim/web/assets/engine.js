// The simulator: the week in C as WebAssembly, in a worker made of this very file.
const engine = { worker: null, ready: null, waiting: new Map(), next: 1 };

/** Starts the worker; the promise fails with a reason a reader understands. */
function startEngine() {
  engine.ready = new Promise((ready, fail) => {
    if (typeof WebAssembly !== "object") throw fail(new Error("this browser has no WebAssembly"));
    const url = URL.createObjectURL(new Blob([DATA.worker], { type: "text/javascript" }));
    engine.worker = new Worker(url);
    engine.worker.onerror = (event) => fail(new Error(event.message || "the worker did not start"));
    engine.worker.onmessage = ({ data }) => {
      if (data.ready) ready(data.ready);
      else if (data.broken) fail(new Error(data.broken));
      else answered(data);
    };
    engine.worker.postMessage({ module: bytesOf(DATA.module) });
  });
  return engine.ready;
}

function answered(data) {
  const job = engine.waiting.get(data.id);
  if (!job) return;
  if (data.error || data.weeks || data.done === data.of) engine.waiting.delete(data.id);
  if (data.error) job.fail(new Error(data.error));
  else if (data.weeks) job.report(data);
  else job.report({ ...data, tally: new Tally(data.tally, job.bands), rows: new Rows(data.rows), raw: data.tally });
}

/** The worlds as the worker takes them: bytes, and whose runs are theirs. */
const playable = ({ worlds }) => worlds.map(({ tables, first, last }) => ({ bytes: bytesOfTables(tables), first, last }));

/** Plays runs 0, 1, ...; reports at each of `stops` runs. A later job of the same kind replaces it. */
function play(kind, tables, seed, stops, report, fail = showError) {
  const id = engine.next++;
  for (const [other, job] of engine.waiting) if (job.kind === kind) engine.waiting.delete(other);
  engine.waiting.set(id, { kind, report, fail, bands: tables.worlds[0].tables[TABLE.bands].rows > 0 });
  const words = BigInt(seed);
  engine.worker.postMessage({
    id, kind, stops, worlds: playable(tables),
    seedLow: Number(words & 0xffffffffn), seedHigh: Number(words >> 32n),
  });
}

/** The same as a promise of the last report. */
const played = (kind, tables, seed, runs) =>
  new Promise((done, fail) => play(kind, tables, seed, [runs], done, fail));

/** Asks the worker for weeks: of `run` all there is, of the first `runs` their conduct. */
function ask(kind, tables, seed, what) {
  const id = engine.next++;
  for (const [other, job] of engine.waiting) if (job.kind === kind) engine.waiting.delete(other);
  const words = BigInt(seed);
  return new Promise((report, fail) => {
    engine.waiting.set(id, { kind, report, fail });
    engine.worker.postMessage({
      id, kind, ...what, worlds: playable(tables), weeks: DATA.weeks,
      seedLow: Number(words & 0xffffffffn), seedHigh: Number(words >> 32n),
    });
  });
}
