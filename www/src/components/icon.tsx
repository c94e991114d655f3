const shapes = {
  orders: 'M2 4h12M2 8h12M2 12h12',
  new: 'M8 3v10M3 8h10',
  expiry: 'M2 4h12v10H2zM2 7h12M5 2v3M11 2v3',
  organization: 'M3 14V3h6v11M9 7h4v7M1.5 14h13M5 5.5h2M5 8h2M5 10.5h2M11 9.5v.1M11 11.7v.1',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  done: 'M3 8.5l3.5 3.5L13 5',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10',
  alert: 'M8 2l6.5 11.5h-13zM8 6.5v3.5M8 12v.1',
  info: 'M8 2a6 6 0 100 12A6 6 0 108 2zM8 7v4M8 5v.1',
  error: 'M8 2a6 6 0 100 12A6 6 0 108 2zM5.5 5.5l5 5M10.5 5.5l-5 5',
  shield: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
  key: 'M10.5 2.5a3 3 0 11-2.6 4.5L3 12v1.5h2V12h1.5v-1.5H8M11 5v.1',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3L5 8l5 5',
} as const;

export type IconName = keyof typeof shapes;

/** An icon beside a word that says the same: screen readers skip it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={shapes[name]} />
  </svg>
);
