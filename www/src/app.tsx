import type { CertsClient } from 'markmonitor-certs';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './components/icon.js';
import { Boundary, Empty, Loaded, lazy, loadAhead, loadAnew, loadPart, OfflineNote } from './components/states.js';
import { Toasts } from './components/toasts.js';
import { readerAhead } from './pki.js';
import { useAsync, useSeconds } from './state/outcome.js';
import { href, route, subject, type View } from './state/route.js';
import { mode, service } from './state/service.js';
import { CsrView } from './views/csr/csr-view.js';
import { examples } from './views/csr/examples.js';

const links: { view: View; label: string; icon: IconName; also?: View }[] = [
  { view: 'csr', label: 'Inspect', icon: 'shield' },
  { view: 'orders', label: 'Orders', icon: 'orders', also: 'order' },
  { view: 'expiry', label: 'Expiry', icon: 'expiry' },
  { view: 'organizations', label: 'Organizations', icon: 'organization', also: 'organization' },
  { view: 'new', label: 'New order', icon: 'new' },
];
const titles: Partial<Record<View, string>> = {
  order: 'Order',
  organization: 'Organization',
  connect: 'Connect',
  unknown: 'Page not found',
};

const Instruments = lazy('the instruments', async () => (await import('./components/instruments.js')).Instruments);

/** The page: navigation, the current view, and the instruments of the service. */
export function App() {
  const { view, id, query } = route.value;
  const main = useRef<HTMLElement>(null);
  const place = `${view} ${id}`;
  const lastPlace = useRef(place);
  // A renewal is written in the form of a new order.
  const at = view === 'new' && query.has('renew') ? 'expiry' : view;
  const label = links.find((link) => link.view === at)?.label ?? titles[view];
  useEffect(() => {
    document.title = [subject.value, label, 'markmonitor-certs'].filter(Boolean).join(' · ');
  }, [subject.value, label]);
  useEffect(() => {
    if (lastPlace.current === place) return;
    // As after a page load: at the top, and with the focus there.
    lastPlace.current = place;
    for (const scroller of [main.current, globalThis]) scroller?.scrollTo(0, 0);
    main.current?.focus();
  }, [place]);
  return (
    <div class="app">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href={href('csr')}>
          <img src="./icon.svg" alt="" width="20" height="20" />
          markmonitor-certs
        </a>
        <nav aria-label="Views">
          {links.map(({ view: to, label, icon, also }) => (
            <a key={to} href={href(to)} aria-current={to === at || also === at ? 'page' : undefined}>
              <Icon name={icon} />
              {label}
            </a>
          ))}
        </nav>
      </header>
      <main ref={main} tabIndex={-1}>
        {view !== 'csr' && <ModeBand />}
        <OfflineNote />
        <Boundary key={place}>
          <CurrentView view={view} />
        </Boundary>
      </main>
      {service.value && <Instruments />}
      <Toasts />
    </div>
  );
}

/** Says whether what is done here costs money. */
const ModeBand = () => (
  <p class={mode.value === 'sandbox' ? 'band tone-active' : 'band tone-bad'}>
    {mode.value === 'sandbox' ? 'Sandbox: nothing is bought' : 'Live: orders cost money'}
    {service.value && <Waiting client={service.value.client} />}
  </p>
);

/** Says that the limit keeps the page from looking, so that nobody takes what is shown for what is. */
function Waiting({ client }: { client: CertsClient }) {
  useSeconds();
  const { queued = 0, nextSlotInMs = 0 } = client.rateLimit.state ?? {};
  if (queued === 0 || nextSlotInMs < 2_000) return null;
  return <span>The rate limit is used up: next look in {Math.ceil(nextSlotInMs / 1000)}&nbsp;s</span>;
}

function CurrentView({ view }: { view: View }) {
  if (view === 'csr') return <CsrView />;
  if (view !== 'unknown') return <ServiceView view={view} />;
  return (
    <>
      <h1 class="visually-hidden">Page not found</h1>
      <Empty title="Page not found" text="Nothing is at this address." next="Inspect a CSR" to={href('csr')} />
    </>
  );
}

let loaded: typeof import('./views/service-views.js') | undefined;

async function load() {
  loaded ??= await loadPart(() => import('./views/service-views.js'));
  loadAhead();
  readerAhead();
  for (const { load } of examples) load().catch(() => {});
  return loaded;
}

/** A view that needs the service. All of them are loaded with the first one: from then on they work offline. */
function ServiceView({ view }: { view: Exclude<View, 'csr' | 'unknown'> }) {
  const { value = loaded, error } = useAsync('', load);
  const outcome = { value: value?.views[view], error, retry: loadAnew };
  return <Loaded outcome={outcome} label="the view" show={(Shown) => <Shown />} />;
}
