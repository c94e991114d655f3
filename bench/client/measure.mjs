/** Measuring in processor time, which other load on the machine changes little. */

export const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Microseconds of processor time that each of `count` runs of `work` takes, at most `atOnce` of them at a time. */
export async function costOf(work, count, atOnce = 1) {
  globalThis.gc();
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  const started = processorTime();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (processorTime() - started) / count;
}

/**
 * Takes rounds in which every job has its turn, each round beginning with another one. The first two only warm up.
 *
 * @param {Record<string, () => Promise<number>>} jobs each returns one sample
 * @returns {Promise<Record<string, number[]>>} of each job the samples, one a round
 */
export async function interleaved(jobs, rounds) {
  const samples = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  const names = Object.keys(jobs);
  for (let round = -2; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round + names.length) % names.length];
      const sample = await jobs[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}
