import { effect, signal } from '@preact/signals';

const views = ['csr', 'orders', 'order', 'new', 'expiry', 'organizations', 'organization', 'connect'] as const;

/** The views, by the first part of their address. */
export type View = (typeof views)[number] | 'unknown';

/** Where the user is: `#/order/ID?key=value`. A hash works on any static host. */
function parse(hash: string): { view: View; id: string; query: URLSearchParams } {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [name, id = ''] = path.split('/');
  const view = views.find((view) => view === (name || 'csr')) ?? 'unknown';
  return { view, id, query: new URLSearchParams(query) };
}

export const route = signal(parse(location.hash));

addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

/** The address of a view, for links. */
export function href(view: View, id = '', query: Record<string, string> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `#/${view}${id && `/${id}`}${text && `?${text}`}`;
}

/** What a view is about, for the title of the page: the name of the order that it shows. */
export const subject = signal('');

export function navigate(to: string): void {
  location.hash = to;
}

/** Changes parts of the query in place; an empty value removes its key. The back button skips these steps. */
export function setQuery(changes: Record<string, string>): void {
  const { view, id, query } = route.value;
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  history.replaceState(null, '', href(view, id, Object.fromEntries(next)));
  route.value = { view, id, query: next };
}

/** The address of the list of orders as it was last, and how far each address was scrolled: the way back leads there. */
export const listAddress = signal(href('orders'));
export const scrolled = new Map<string, number>();
effect(() => {
  const { view, query } = route.value;
  if (view === 'orders') listAddress.value = href('orders', '', Object.fromEntries(query));
});
