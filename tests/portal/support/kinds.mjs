/** How services count: for the times at which requests arrived, how many each kind of limit would have refused. */
export function refusedBy(times, limit, window) {
  const sorted = [...times].sort((a, b) => a - b);
  const refused = { fixed: 0, sliding: 0, counter: 0, bucket: 0 };
  for (const phase of [0, window / 3, window / 1.7]) refused.fixed += overFixed(sorted, limit, window, phase);
  for (const [at, time] of sorted.entries()) {
    const before = sorted[at - limit];
    if (before !== undefined && time - before < window) refused.sliding += 1;
  }
  let [level, last] = [0, 0];
  for (const time of sorted) {
    level = Math.max(0, level - ((time - last) * limit) / window);
    last = time;
    if (level + 1 > limit) refused.bucket += 1;
    level += 1;
  }
  const counts = new Map();
  for (const time of sorted) {
    const slot = Math.floor(time / window);
    const part = 1 - (time % window) / window;
    const weighted = (counts.get(slot - 1) ?? 0) * part + (counts.get(slot) ?? 0);
    if (weighted >= limit) refused.counter += 1;
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return refused;
}

function overFixed(times, limit, window, phase) {
  const counts = new Map();
  for (const time of times) {
    const slot = Math.floor((time + phase) / window);
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return [...counts.values()].reduce((over, count) => over + Math.max(0, count - limit), 0);
}
