/** Makes docs/performance.md, and its pictures, of what was measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { path } from '../../tools/lib/project.mjs';
import { median } from './measure.mjs';
import { bare, own } from './names.mjs';
import { bars } from './plot.mjs';
import { microseconds, pageRatios, ratio, show, table, times } from './tables.mjs';

const peculiar = '@peculiar/x509';

/** The processor time of one kind of start beside another one's. */
const startRatio = (bySystem, modules, name, other) => {
  const samples = (of) => bySystem[modules][of].map(({ processor }) => processor);
  return ratio(samples(name), samples(other));
};

/** What was aimed at, by what was measured: `most` or `least` in each Node, or in those whose version begins with `only`. */
function targets({ calls, pages, crossings, starts, parses }) {
  const call = (node, atOnce, base) => ratio(calls.result[node][atOnce][own], calls.result[node][atOnce][base]);
  const parse = (node, kind) => ratio(parses.result[node][kind][peculiar], parses.result[node][kind][own]);
  const page = (node) => pageRatios(pages.result[node], 1000);
  const firstParse = (node) => startRatio(starts.result[node], 'cjs', 'parse: markmonitor-certs', `parse: ${peculiar}`);
  const inAllNodes = [
    [
      'a call, one after the other: times bare fetch',
      'at most 1.4',
      (node) => call(node, 1, bare),
      (value) => value <= 1.4,
    ],
    ['a call, 64 at a time: times bare fetch', 'at most 1.4', (node) => call(node, 64, bare), (value) => value <= 1.4],
    ['a call, one after the other: times `openai`', 'below 1', (node) => call(node, 1, 'openai'), (value) => value < 1],
    ['a call, 64 at a time: times `openai`', 'below 1', (node) => call(node, 64, 'openai'), (value) => value < 1],
    [
      'a page of 1,000, less an empty one, beyond `fetch` + `text()`: times `JSON.parse`',
      'at most 1.2',
      (node) => page(node).added,
      (value) => value <= 1.2,
    ],
    [
      'a page of 1,000, less an empty one: times fetch + `JSON.parse`',
      'at most 1.2',
      (node) => page(node).fetch,
      (value) => value <= 1.2,
    ],
    [
      'a page of 1,000, less an empty one: times fetch + zod',
      'below 1',
      (node) => page(node).zod,
      (value) => value < 1,
    ],
    [
      `CommonJS, import to first parse: times \`${peculiar}\``,
      'below 0.6 in Node 20',
      firstParse,
      (value) => value < 0.6,
    ],
    [
      `a request with an RSA key read: times as fast as \`${peculiar}\``,
      'at least 30',
      (node) => parse(node, 'RSA'),
      (value) => value >= 30,
    ],
    [
      `a request with an EC key read: times as fast as \`${peculiar}\``,
      'at least 30',
      (node) => parse(node, 'EC'),
      (value) => value >= 30,
    ],
  ];
  const nodes = Object.keys(calls.result);
  const cell = (value, isMet) => `${times(value)}${isMet(value) ? '' : ' (missed)'}`;
  const rows = inAllNodes.map(([what, target, of, isMet]) => [
    what,
    target,
    ...nodes.map((node) => cell(of(node), isMet)),
  ]);
  const { total } = crossings.result['one order'];
  const crossed = `${total.toFixed(0)}${total <= 40 ? '' : ' (missed)'}`;
  rows.push(['crossings of the boundary of the wasm, a call', 'at most 40', ...nodes.map(() => crossed)]);
  return table(['measured', 'target', ...nodes.map((node) => `Node ${node}`)], rows);
}

const isOwn = (name) => name.includes(own);

function plots({ calls, pages, starts, limiter }) {
  const nodes = Object.entries(calls.result);
  return {
    calls: {
      title: 'A call: processor time in times of a bare fetch',
      mark: 1.4,
      groups: nodes.flatMap(([node, byConcurrency]) =>
        Object.entries(byConcurrency).map(([atOnce, samples]) => ({
          title: `Node ${node}, ${atOnce === '1' ? 'one after the other' : `${atOnce} at a time`}`,
          rows: Object.entries(samples).map(([label, list]) => {
            const value = ratio(list, samples[bare]);
            return { label, value, text: `${times(value)} (${microseconds(median(list))} µs)`, own: isOwn(label) };
          }),
        })),
      ),
    },
    pages: {
      title: 'A page of 1,000 orders: processor time in milliseconds',
      groups: Object.entries(pages.result).map(([node, bySize]) => ({
        title: `Node ${node}`,
        rows: Object.entries(bySize[1000].samples).map(([label, list]) => {
          const value = median(list) / 1000;
          return { label, value, text: value.toFixed(1), own: isOwn(label) };
        }),
      })),
    },
    starts: {
      title: 'From the import to the first result: processor time in milliseconds',
      groups: Object.entries(starts.result).flatMap(([node, bySystem]) =>
        Object.entries(bySystem).map(([modules, byKind]) => ({
          title: `Node ${node}, ${modules === 'mjs' ? 'ES modules' : 'CommonJS'}`,
          rows: Object.entries(byKind).map(([label, list]) => {
            const value = median(list.map(({ processor }) => processor));
            return { label, value, text: value.toFixed(0), own: isOwn(label) };
          }),
        })),
      ),
    },
    limiter: {
      title: 'An hour of saturation: calls done, and in red replies of 429',
      groups: Object.keys(limiter.result[own]).map((server) => ({
        title: server,
        rows: Object.entries(limiter.result).map(([label, byServer]) => {
          const { done, refused } = byServer[server];
          return { label, value: done, second: refused, text: `${done} / ${refused}`, own: isOwn(label) };
        }),
      })),
    },
  };
}

const page = (
  measured,
) => `<!-- Made by \`node bench/client/run.mjs --write\`: change bench/client/document.mjs, not this page. -->

# Performance

What the package costs beside what one would write or take instead. Everything here is measured by one command, which
also writes this page:

\`\`\`sh
npm run build
node bench/client/run.mjs --write          # all of it, a quarter of an hour on a quiet machine
node bench/client/run.mjs calls --rounds 9 # one part, printed
\`\`\`

The candidates take turns in each round, ${measured.calls.options.rounds} rounds count, and figures are medians over the rounds; a ratio is the median of
the ratios within each round. Time is processor time of the measuring process (\`process.cpuUsage\`), which other load on the
machine raises less than the clock, but does raise: compare ratios, not microseconds. This page was written on ${measured.calls.machine}.

## Targets

${targets(measured)}

## A call

Gets one order (5 KB of JSON) over loopback from a plain \`node:http\` server in another process, with an API key and a token.
The rate limit of the first \`${own}\` is so high that nothing waits for it: it is kept all the same. \`zod\` checks the
fields that a careful program would.

![](performance/calls.svg)

${show('calls', measured.calls)}

## Crossings of the boundary

Each call into core.wasm or out of it, counted by functions around its imports and exports; \`←\` is out of the wasm.

${show('crossings', measured.crossings)}

## A page of orders

Lists orders, three of four with the certificates in them, from a \`fetch\` that returns a \`Response\` of bytes in memory.
\`JSON.parse\` starts from the text; \`fetch + text()\` is what it costs to get the text out of such a reply, which every client
pays.

![](performance/pages.svg)

${show('pages', measured.pages)}

## Start

A fresh process each: from before the import to the order (over loopback) or to the request that was read.

![](performance/starts.svg)

${show('starts', measured.starts)}

## Reading a request

Read to all fields, with the SHA-256 of its key, as \`parseCsr\` does. \`bench/pki\` compares more libraries.

${show('parses', measured.parses)}

## The rate limit

An hour of virtual time: 300 callers who call again as soon as they have a reply, a network that takes 20 to 250 ms each
way, and a service that lets 100 requests through per minute, counted in one of four ways. Which of them the real service
uses is not known. The best is 6,000 calls. The other limiters are configured for 100 per minute; they do not repeat what
was refused.

![](performance/limiter.svg)

${show('limiter', measured.limiter)}
`;

export function writeDocument(measured) {
  mkdirSync(path('docs', 'performance'), { recursive: true });
  for (const [name, chart] of Object.entries(plots(measured))) {
    writeFileSync(path('docs', 'performance', `${name}.svg`), bars(chart));
  }
  writeFileSync(path('docs', 'performance.md'), page(measured));
  console.log('Wrote docs/performance.md.');
}
