/** What was measured, as Markdown. Figures are medians of the rounds; a ratio is the median of the ratios in each round. */
import { median } from './measure.mjs';
import { bare, own } from './names.mjs';

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

export const microseconds = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));
export const times = (value) => value.toFixed(2);

/** The median over the rounds of what `of` makes of a round's figures, by the candidates' names. */
export function overRounds(samples, of) {
  const rounds = Object.values(samples)[0].length;
  const inRound = (round) => Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, list[round]]));
  return median(Array.from({ length: rounds }, (_, round) => of(inRound(round))));
}

const ratios = (samples, name) => ({
  own: overRounds(samples, (figures) => figures[name] / figures[bare]),
});

function calls({ result, options }) {
  return Object.entries(result).map(([node, byConcurrency]) => {
    const kinds = Object.entries(byConcurrency);
    const names = Object.keys(kinds[0][1]);
    const rows = names.map((name) => [
      name,
      ...kinds.flatMap(([, samples]) => [microseconds(median(samples[name])), times(ratios(samples, name).own)]),
    ]);
    const heads = kinds.flatMap(([atOnce]) => [
      atOnce === '1' ? 'one after the other' : `${atOnce} at a time`,
      '× fetch',
    ]);
    const openai = kinds.map(([, samples]) => times(overRounds(samples, (round) => round[own] / round.openai)));
    const beside = `Of \`openai\`: ${openai.join(' and ')}.`;
    return `Node ${node}, ${options.calls} calls a round, microseconds a call:\n\n${table(['client', ...heads], rows)}\n\n${beside}`;
  });
}

/** A page less an empty one. */
const beyondEmpty = (result, size, name) => {
  const empty = result[0].samples[name];
  return result[size].samples[name].map((figure, round) => figure - empty[round]);
};

export function pageRatios(result, size) {
  const [parse, text, fetch, ours, zod] = ['JSON.parse', 'fetch + text()', bare, own, 'fetch + zod'].map((name) =>
    beyondEmpty(result, size, name),
  );
  const ratio = (of) => median(parse.map((_, round) => of(round)));
  return {
    'beyond `fetch` + `text()`, in `JSON.parse` of the text': ratio((at) => (ours[at] - text[at]) / parse[at]),
    'in all, in `JSON.parse` of the text': ratio((at) => ours[at] / parse[at]),
    [`in all, in \`${bare}\``]: ratio((at) => ours[at] / fetch[at]),
    'in all, in `fetch + zod`': ratio((at) => ours[at] / zod[at]),
  };
}

function pages({ result }) {
  return Object.entries(result).map(([node, bySize]) => {
    const sizes = Object.keys(bySize);
    const names = Object.keys(bySize[0].samples);
    const rows = names.map((name) => [name, ...sizes.map((size) => microseconds(median(bySize[size].samples[name])))]);
    const heads = sizes.map(
      (size) => ({ 0: 'empty', 1: '1 order' })[size] ?? `${Number(size).toLocaleString('en')} orders`,
    );
    const lines = Object.entries(pageRatios(bySize, 1000)).map(([what, ratio]) => [what, times(ratio)]);
    return `Node ${node}, microseconds a page:\n\n${table(['reader', ...heads], rows)}\n\n${table(['a page of 1,000 less an empty one', 'times'], lines)}`;
  });
}

function crossings({ result }) {
  const rows = Object.entries(result).map(([what, { total, names }]) => {
    const most = names.slice(0, 6).map(([name, count]) => `\`${name}\` ${count}`);
    return [what, total, most.join(', ')];
  });
  return [table(['call', 'crossings', 'most often'], rows)];
}

const sections = { calls, pages, crossings };

/** The tables of a part. */
export const show = (name, measurement) => sections[name](measurement).join('\n\n');
