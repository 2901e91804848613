// Intervals as in sim/outcomes/estimates.py, at 95 %; quantiles as in sim/outcomes/bands.py.
const Z = 1.959963984540054;

/** Score interval of a share (Wilson, 1927). */
function wilson(hits, n) {
  const some = Math.max(n, 1);
  const centre = (hits + (Z * Z) / 2) / (some + Z * Z);
  const half = (Z * Math.sqrt((hits * (some - hits)) / some + (Z * Z) / 4)) / (some + Z * Z);
  return [hits <= 0 ? 0 : centre - half, hits >= n ? 1 : centre + half];
}

/** Variance of one run's difference if its mean is delta; the likeliest chance of a lost run. */
function pairVariance(up, down, n, delta) {
  const a = 2 * Math.max(n, 1);
  const b = -(up + down) + (2 * n - up + down) * delta;
  const c = -down * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(b * b - 4 * a * c, 0)) - b) / (2 * a);
  return Math.max(2 * q + delta * (1 - delta), 0);
}

/** Where the score statistic crosses z: by bisection. */
function tangoLimit(up, down, n, z, left, right) {
  for (let i = 0; i < 60; i++) {
    const middle = (left + right) / 2;
    const above = up - down - n * middle > z * Math.sqrt(n * pairVariance(up, down, n, middle));
    if (above) left = middle; else right = middle;
  }
  return (left + right) / 2;
}

/** Difference of two shares of the same n runs with the score interval of Tango (1998). */
function paired(gained, lost, n) {
  const value = (gained - lost) / Math.max(n, 1);
  return { value, low: tangoLimit(gained, lost, n, Z, -1, value), high: tangoLimit(gained, lost, n, -Z, value, 1), gained, lost, n };
}

/** Quantiles of one histogram of 256 bins, as lower edges: the smallest value at or below which a share lies. */
function quantiles(counts, scale, percents) {
  let total = 0;
  for (const n of counts) total += n;
  return percents.map((percent) => {
    let sum = 0, bin = 0;
    for (; bin < counts.length - 1; bin++) {
      sum += counts[bin];
      if (100 * sum >= percent * Math.max(total, 1)) break;
    }
    return Math.max(bin - 1, 0) / scale;
  });
}

/** A tally by its fields: numbers below 2^53, so that plain numbers hold them. */
class Tally {
  constructor(buffer, bands) {
    const words = new BigInt64Array(buffer);
    let at = 0;
    this.fields = {};
    this.shapes = {};
    for (const [name, shape] of DATA.tally) {
      const real = bands || (name !== "hist" && name !== "bands_sum") ? shape : [0, ...shape.slice(1)];
      const size = real.reduce((a, b) => a * b, 1);
      this.fields[name] = words.subarray(at, at + size);
      this.shapes[name] = real;
      at += size;
    }
    this.n = Number(this.fields.counts[DATA.counts.runs]);
    this.watched = Number(this.fields.counts[DATA.counts.watched]);
  }

  /** A row of the last axis, as numbers. */
  row(name, ...index) {
    const shape = this.shapes[name];
    const wide = shape.at(-1);
    const place = index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
    return Array.from(this.fields[name].subarray(place * wide, (place + 1) * wide), Number);
  }

  /** Runs in which an outcome still holds at the end of weeks 0..H. */
  holding(ended) {
    return this.still(this.row("ended", ended));
  }

  /** The same for standing, if both sides at a rung (by its row) for k weeks in a row break it. */
  holdingBy(rung, k) {
    return this.still(this.row("by_definition", rung, k - 1));
  }

  still(ends) {
    let left = this.n;
    const out = [left];
    for (const n of ends.slice(1, -1)) out.push((left -= n));
    return out;
  }
}

/** The runs of a job, one record each. */
class Rows {
  constructor(buffer) {
    this.view = new DataView(buffer);
    this.n = buffer.byteLength / DATA.row.size;
  }

  at(run, field) {
    const [byte, kind] = DATA.row.fields[field];
    return get(this.view, run * DATA.row.size + byte, kind);
  }

  /** Whether an outcome holds in a run at the end of a week. */
  holds(run, outcome, week) {
    const ended = this.at(run, outcome.field);
    return outcome.ended === null ? ended > 0 : ended === 0 || ended > week;
  }
}
