/** Curves over logarithmic axes as SVG, readable on light and dark pages. */

const [width, height, left, top, plotWidth, plotHeight] = [800, 420, 60, 40, 360, 330];
const colours = ['#1f6feb', '#2da44e', '#bf8700', '#8250df', '#cf222e', '#1b7c83'];
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  polyline { fill: none; stroke-width: 2; } .grid { stroke: #d0d7de; } .like { stroke: #8c959f; stroke-dasharray: 4; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .grid { stroke: #30363d; } }`;

/**
 * @param {object} chart
 * @param {number[]} chart.sizes the values of the horizontal axis
 * @param {{ what: string, costs: number[] }[]} chart.table one curve each, with a cost for each size
 * @param {(n: number) => number} chart.like what to draw beside the first curve, through its last point
 */
export function curves({ title, sizes, table, like }) {
  const all = table.flatMap(({ costs }) => costs);
  const decades = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const place = (value, low, high, length) => ((Math.log10(value) - low) / (high - low)) * length;
  const x = (n) => left + place(n, Math.log10(sizes[0]), Math.log10(sizes.at(-1)), plotWidth);
  const y = (cost) => top + plotHeight - place(cost, ...decades, plotHeight);
  const points = (costs) => costs.map((cost, at) => `${x(sizes[at]).toFixed(1)},${y(cost).toFixed(1)}`).join(' ');
  const lines = [`<text class="title" x="0" y="18">${escaped(title)}</text>`];
  for (let decade = decades[0]; decade <= decades[1]; decade += 1) {
    const at = y(10 ** decade).toFixed(1);
    lines.push(
      `<line class="grid" x1="${left}" y1="${at}" x2="${left + plotWidth}" y2="${at}"/>`,
      `<text x="${left - 8}" y="${Number(at) + 4}" text-anchor="end">${10 ** decade}</text>`,
    );
  }
  for (const n of sizes) {
    lines.push(`<text x="${x(n)}" y="${top + plotHeight + 18}" text-anchor="middle">${n.toLocaleString('en')}</text>`);
  }
  const [{ costs: reference }] = table;
  const alike = sizes.map((n) => (reference.at(-1) * like(n)) / like(sizes.at(-1)));
  lines.push(`<polyline class="like" points="${points(alike)}"/>`);
  for (const [at, { what, costs }] of table.entries()) {
    const stroke = colours[at % colours.length];
    const row = top + 14 + at * 20;
    lines.push(
      `<polyline stroke="${stroke}" points="${points(costs)}"/>`,
      `<line x1="${left + plotWidth + 20}" x2="${left + plotWidth + 40}" y1="${row - 4}" y2="${row - 4}" stroke="${stroke}" stroke-width="2"/>`,
      `<text x="${left + plotWidth + 46}" y="${row}">${escaped(what)}</text>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"><title>${escaped(title)}</title><style>${style}\n</style>\n${lines.join('\n')}\n</svg>\n`;
}
