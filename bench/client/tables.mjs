/** What was measured, as Markdown. A figure is the median of the rounds, a ratio the median of the rounds' ratios. */
import { median } from './measure.mjs';
import { bare, own } from './names.mjs';

const whole = (value) => Math.round(value).toLocaleString('en');
export const microseconds = (value) => (value < 10 ? value.toFixed(1) : whole(value));
const milliseconds = (value) => value.toFixed(0);
export const times = (value) => (value < 10 ? value.toFixed(2) : whole(value));

/** A Markdown table, its first column text and the others figures. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** The median over the rounds of one list of samples divided by another. */
export const ratio = (samples, base) => median(samples.map((sample, round) => sample / base[round]));

function calls({ result, options }) {
  return Object.entries(result).map(([node, byConcurrency]) => {
    const kinds = Object.entries(byConcurrency);
    const rows = Object.keys(kinds[0][1]).map((name) => [
      name,
      ...kinds.flatMap(([, samples]) => [
        microseconds(median(samples[name])),
        times(ratio(samples[name], samples[bare])),
      ]),
    ]);
    const heads = kinds.flatMap(([atOnce]) => [
      atOnce === '1' ? 'one after the other' : `${atOnce} at a time`,
      'times fetch',
    ]);
    return `Node ${node}, ${whole(options.calls)} calls a round, microseconds a call:\n\n${table(['client', ...heads], rows)}`;
  });
}

/** What a page costs beyond an empty one, by candidate, one sample a round. */
const beyondEmpty = (bySize, size, name) =>
  bySize[size].samples[name].map((figure, round) => figure - bySize[0].samples[name][round]);

/** Ours, a page of so many orders less an empty one, beside the same of others. */
export function pageRatios(bySize, size) {
  const [parse, text, fetch, zod, ours] = ['JSON.parse', 'fetch + text()', bare, 'fetch + zod', own].map((name) =>
    beyondEmpty(bySize, size, name),
  );
  const added = ours.map((figure, round) => figure - text[round]);
  return { added: ratio(added, parse), parse: ratio(ours, parse), fetch: ratio(ours, fetch), zod: ratio(ours, zod) };
}

function pages({ result }) {
  return Object.entries(result).map(([node, bySize]) => {
    const sizes = Object.keys(bySize);
    const rows = Object.keys(bySize[0].samples).map((name) => [
      name,
      ...sizes.map((size) => microseconds(median(bySize[size].samples[name]))),
    ]);
    const heads = sizes.map((size) => ({ 0: 'empty', 1: '1 order' })[size] ?? `${whole(Number(size))} orders`);
    // Of a smaller page, what is left is less than what an empty one differs by from round to round.
    const large = sizes.filter((size) => size >= 200);
    const ratios = large.map((size) => pageRatios(bySize, size));
    const compared = [
      ['beyond `fetch` + `text()`: times `JSON.parse`', 'added'],
      ['in all: times `JSON.parse`', 'parse'],
      [`in all: times ${bare}`, 'fetch'],
      ['in all: times fetch + zod', 'zod'],
    ].map(([what, key]) => [what, ...ratios.map((of) => times(of[key]))]);
    return [
      `Node ${node}, microseconds a page:\n\n${table(['reader', ...heads], rows)}`,
      `Ours, less an empty page, beside the others, less theirs:\n\n${table(['', ...heads.slice(-large.length)], compared)}`,
    ].join('\n\n');
  });
}

function crossings({ result }) {
  const rows = Object.entries(result).map(([what, { total, names }]) => {
    const most = names.slice(0, 5).map(([name, count]) => `\`${name}\` ${whole(count)}`);
    return [what, total.toFixed(0), most.join(', ')];
  });
  return [table(['call', 'crossings', 'most often'], rows)];
}

function starts({ result }) {
  return Object.entries(result).map(([node, bySystem]) => {
    const figure = (modules, name, key) => milliseconds(median(bySystem[modules][name].map((sample) => sample[key])));
    const rows = Object.keys(bySystem.mjs).map((name) => [
      name,
      ...['mjs', 'cjs'].flatMap((modules) => [figure(modules, name, 'processor'), figure(modules, name, 'elapsed')]),
    ]);
    const heads = ['ESM, processor', 'by the clock', 'CommonJS, processor', 'by the clock'];
    return `Node ${node}, milliseconds:\n\n${table(['from the import to the first', ...heads], rows)}`;
  });
}

function parses({ result }) {
  return Object.entries(result).map(([node, byKind]) => {
    const rows = Object.entries(byKind).map(([kind, samples]) => [
      `${kind}, three names`,
      ...Object.values(samples).map((list) => microseconds(median(list))),
      times(ratio(samples['@peculiar/x509'], samples[own])),
    ]);
    const heads = [...Object.keys(Object.values(byKind)[0]), 'times as fast'];
    return `Node ${node}, microseconds a request:\n\n${table(['request', ...heads], rows)}`;
  });
}

function limiter({ result }) {
  const servers = Object.keys(Object.values(result)[0]);
  const rows = Object.entries(result).map(([name, byServer]) => [
    name,
    ...servers.map((server) => `${whole(byServer[server].done)} / ${whole(byServer[server].refused)}`),
  ]);
  return [table(['calls done / replies of 429', ...servers], rows)];
}

const sections = { calls, pages, crossings, starts, parses, limiter };

/** The tables of a part. */
export const show = (name, measurement) => sections[name](measurement).join('\n\n');
