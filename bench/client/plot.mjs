/** Horizontal bars as SVG, readable on light and dark pages. */

const [labels, width, row] = [230, 760, 20];
const barStart = labels + 10;
/** Room for the figure behind the longest bar. */
const figures = 130;
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .bar { fill: #8c959f; } .own { fill: #1f6feb; } .second { fill: #cf222e; } .mark { stroke: #24292f; stroke-dasharray: 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .bar { fill: #6e7681; } .own { fill: #4493f8; } .second { fill: #f85149; } .mark { stroke: #e6edf3; }
  }`;

/**
 * @param {object} chart
 * @param {string} chart.title what the bars are, with the unit
 * @param {number} [chart.mark] a value to mark with a line across each group
 * @param {{ title: string, rows: { label: string, value: number, second?: number, text: string, own: boolean }[] }[]}
 *   chart.groups `second` is a part of its own behind the bar
 */
export function bars({ title, mark, groups }) {
  const longest = Math.max(...groups.flatMap(({ rows }) => rows.map(({ value, second = 0 }) => value + second)));
  const scale = (value) => Number(((value * (width - barStart - figures)) / longest).toFixed(1));
  const lines = [];
  let y = 28;
  for (const { title: heading, rows } of groups) {
    lines.push(`<text class="title" x="0" y="${y + 14}">${escaped(heading)}</text>`);
    y += row;
    if (mark !== undefined) {
      const x = barStart + scale(mark);
      lines.push(`<line class="mark" x1="${x}" y1="${y}" x2="${x}" y2="${y + rows.length * row}"/>`);
    }
    for (const { label, value, second = 0, text, own } of rows) {
      const end = barStart + scale(value);
      lines.push(
        `<text x="${labels}" y="${y + 14}" text-anchor="end">${escaped(label)}</text>`,
        `<rect class="${own ? 'own' : 'bar'}" x="${barStart}" y="${y + 3}" width="${scale(value)}" height="14"/>`,
      );
      if (second > 0) lines.push(`<rect class="second" x="${end}" y="${y + 3}" width="${scale(second)}" height="14"/>`);
      lines.push(`<text x="${end + scale(second) + 6}" y="${y + 14}">${escaped(text)}</text>`);
      y += row;
    }
    y += 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">
<title>${escaped(title)}</title>
<style>${style}
</style>
<text class="title" x="0" y="14">${escaped(title)}</text>
${lines.join('\n')}
</svg>
`;
}
