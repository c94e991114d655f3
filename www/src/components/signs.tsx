import { Fragment, type RenderableProps } from 'preact';
import { dayMs, daysUntil, formatDate, type Time, timeOf } from '../format.js';
import { now } from '../state/clock.js';
import type { Tone } from '../words.js';

export function Badge({ tone, children }: RenderableProps<{ tone: Tone }>) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

/** A name or an address, which is broken at its signs where it is too long for a line; `ends` are other places for that. */
export const Name = ({ name, ends = /(?<=[.@])/ }: { name: string; ends?: RegExp }) =>
  name.split(ends).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));

/** A level between nothing and all, beside words that say the same. */
export const Bar = ({ percent, tone }: { percent: number; tone: Tone }) => (
  <svg class={`bar tone-${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect width={Math.max(0, Math.min(100, percent))} height="6" />
  </svg>
);

/** Where no certificate says how long it lasts. */
const usualDays = 199;

/** The date on which something ends, and how many days are left. */
export function Until({ from, until }: { from?: Time; until: Time }) {
  const left = daysUntil(until, now());
  if (left === undefined) return <span class="muted">–</span>;
  const lifetime = (Number(timeOf(until)) - Number(timeOf(from))) / dayMs || usualDays;
  const tone = left < 14 ? 'bad' : left < 45 ? 'attention' : 'good';
  return (
    <span class="days-left" dir="ltr">
      <Bar percent={(100 * left) / lifetime} tone={left < 0 ? 'over' : tone} />
      {formatDate(until)} <span class="muted">{left < 0 ? 'ended' : `${left} d`}</span>
    </span>
  );
}
