// Plays runs beside the page. The newest main job wins: its forerunner stops within 125 runs.
"use strict";
const SLICE = 125;
let instance = null;
let queue = [];
let busy = false;

const breath = () => new Promise((go) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); go(); };
  channel.port2.postMessage(0);
});

function opened(job) {
  const w = instance.exports;
  const at = w.detente_room(job.tables.length);
  new Uint8Array(w.memory.buffer).set(job.tables, at);
  w.detente_open(job.seedLow, job.seedHigh);
}

function played(first, runs) {
  const w = instance.exports;
  w.detente_play(first, runs);
  const at = w.detente_rows();
  return new Uint8Array(w.memory.buffer).slice(at, at + runs * w.detente_row_size());
}

function tally() {
  const w = instance.exports;
  const at = w.detente_tally();
  return w.memory.buffer.slice(at, at + 8 * w.detente_tally_length());
}

function report(job, done, rows, kernel) {
  const counts = tally();
  const copy = rows.slice(0, done * instance.exports.detente_row_size());
  postMessage({ id: job.id, done, of: job.stops.at(-1), tally: counts, rows: copy.buffer, kernel },
    [counts, copy.buffer]);
}

async function play(job) {
  const rows = new Uint8Array(job.stops.at(-1) * instance.exports.detente_row_size());
  let done = 0, kernel = 0;
  opened(job);
  for (const stop of job.stops) {
    while (done < stop) {
      const runs = Math.min(SLICE, stop - done);
      const before = performance.now();
      rows.set(played(done, runs), done * instance.exports.detente_row_size());
      kernel += performance.now() - before;
      done += runs;
      await breath();
      if (job.dropped) return;
    }
    report(job, done, rows, kernel);
  }
}

async function next() {
  if (busy || instance === null) return;
  busy = true;
  while (queue.length) {
    const job = queue[0];
    try {
      if (!job.dropped) await play(job);
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
      instance = (await WebAssembly.instantiate(data.module, {})).instance;
      instance.exports._initialize();
      postMessage({ ready: instance.exports.detente_version() });
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
