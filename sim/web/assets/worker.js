// Plays runs beside the page. The newest main job wins: its forerunner stops within a slice.
"use strict";
const SLICE = 125, SLOTS = 100;
let code = null;
const instances = [];
let queue = [];
let busy = false;

const breath = () => new Promise((go) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); go(); };
  channel.port2.postMessage(0);
});

function started() {
  const made = new WebAssembly.Instance(code, {});
  made.exports._initialize();
  return made;
}

/** The worlds of a job, each in an instance of its own, opened. */
function opened(job) {
  return job.worlds.map(({ bytes, first, last }, n) => {
    const { exports: w } = (instances[n] ??= started());
    const at = w.detente_room(bytes.length);
    new Uint8Array(w.memory.buffer).set(bytes, at);
    w.detente_open(job.seedLow, job.seedHigh);
    return { w, first, last };
  });
}

const worldOf = (worlds, run) => worlds.find(({ first, last }) => first <= run % SLOTS && run % SLOTS < last);

/** Runs in stretches that one world plays: [world, first, how many]. */
function* stretches(worlds, first, runs) {
  for (let at = first; at < first + runs;) {
    const world = worldOf(worlds, at);
    const end = worlds.length === 1 ? first + runs : at - (at % SLOTS) + world.last;
    const count = Math.min(end, first + runs) - at;
    yield [world.w, at, count];
    at += count;
  }
}

const bytesAt = (w, at, length) => new Uint8Array(w.memory.buffer, at, length);

function playInto(rows, worlds, first, runs) {
  for (const [w, at, count] of stretches(worlds, first, runs)) {
    w.detente_play(at, count);
    const size = w.detente_row_size();
    rows.set(bytesAt(w, w.detente_rows(), count * size), at * size);
  }
}

/** The counts of all worlds together. */
function tally(worlds) {
  const [sum, ...others] = worlds.map(({ w }) => {
    const at = w.detente_tally();
    return new BigInt64Array(w.memory.buffer.slice(at, at + 8 * w.detente_tally_length()));
  });
  for (const other of others) for (let n = 0; n < sum.length; n++) sum[n] += other[n];
  return sum.buffer;
}

async function play(job) {
  const worlds = opened(job);
  const size = worlds[0].w.detente_row_size();
  const rows = new Uint8Array(job.stops.at(-1) * size);
  let done = 0, kernel = 0;
  for (const stop of job.stops) {
    while (done < stop) {
      const runs = Math.min(SLICE, stop - done);
      const before = performance.now();
      playInto(rows, worlds, done, runs);
      kernel += performance.now() - before;
      done += runs;
      await breath();
      if (job.dropped) return;
    }
    const counts = tally(worlds), copy = rows.slice(0, done * size);
    postMessage({ id: job.id, done, of: job.stops.at(-1), tally: counts, rows: copy.buffer, kernel }, [counts, copy.buffer]);
  }
}

/** One run week by week, or the conduct of the first runs, a byte a week. */
function weeksOf(job) {
  const worlds = opened(job);
  if (job.run !== undefined) {
    const { w } = worldOf(worlds, job.run);
    const at = w.detente_weeks(job.run), width = w.detente_weeks_width();
    return { weeks: w.memory.buffer.slice(at, at + 8 * width * job.weeks), width };
  }
  const all = new Uint8Array(job.runs * job.weeks);
  for (const [w, first, count] of stretches(worlds, 0, job.runs))
    all.set(bytesAt(w, w.detente_conduct(first, count), count * job.weeks), first * job.weeks);
  return { weeks: all.buffer };
}

async function next() {
  if (busy || code === null) return;
  busy = true;
  while (queue.length) {
    const job = queue[0];
    try {
      if (!job.dropped) {
        if (job.stops) await play(job);
        else postMessage({ id: job.id, ...weeksOf(job) });
      }
    } catch (error) {
      postMessage({ id: job.id, error: String(error) });
    }
    queue = queue.filter((other) => other !== job);
  }
  busy = false;
}

onmessage = async ({ data }) => {
  if (data.module) {
    try {
      code = await WebAssembly.compile(data.module);
      instances.push(started());
      postMessage({ ready: instances[0].exports.detente_version() });
    } catch (error) {
      postMessage({ broken: String(error) });
    }
  } else {
    const stale = (job) => job.kind === data.kind || (data.kind === "main" && job.kind.startsWith("channel"));
    for (const job of queue) if (stale(job)) job.dropped = true;
    queue.push(data);
  }
  next();
};
