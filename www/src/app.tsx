import { useEffect, useRef } from 'preact/hooks';
import { Boundary } from './components/boundary.js';
import { Icon, type IconName } from './components/icon.js';
import { Instruments } from './components/instruments.js';
import { OfflineNote } from './components/offline-note.js';
import { Empty } from './components/states.js';
import { ThemeSwitch } from './components/theme-switch.js';
import { Toasts } from './components/toasts.js';
import { href, route, type View } from './state/route.js';
import { CsrView } from './views/csr/csr-view.js';
import { ExpiryView } from './views/expiry/expiry-view.js';
import { NewOrderView } from './views/new-order/new-order-view.js';
import { OrderView } from './views/order/order-view.js';
import { OrdersView } from './views/orders/orders-view.js';

const links: { view: View; label: string; icon: IconName; also?: View }[] = [
  { view: 'csr', label: 'Inspect', icon: 'shield' },
  { view: 'orders', label: 'Orders', icon: 'orders', also: 'order' },
  { view: 'expiry', label: 'Expiry', icon: 'expiry' },
  { view: 'new', label: 'New order', icon: 'new' },
];

/** The page: navigation, the current view, and the instruments of the service. */
export function App() {
  const { view } = route.value;
  const main = useRef<HTMLElement>(null);
  const place = `${view} ${route.value.id}`;
  const lastPlace = useRef(place);
  // As after a page load: at the top, and with the focus there.
  useEffect(() => {
    if (lastPlace.current === place) return;
    lastPlace.current = place;
    main.current?.scrollTo(0, 0);
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
          {links.map((link) => (
            <a
              key={link.view}
              href={href(link.view)}
              aria-current={link.view === view || link.also === view ? 'page' : undefined}
            >
              <Icon name={link.icon} />
              {link.label}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
      </header>
      <main ref={main} tabIndex={-1}>
        <OfflineNote />
        <Boundary key={place}>
          <CurrentView view={view} />
        </Boundary>
      </main>
      <Instruments />
      <Toasts />
    </div>
  );
}

function CurrentView({ view }: { view: View }) {
  const title = links.find((link) => link.view === view)?.label ?? (view === 'order' ? 'Order' : 'Not found');
  useEffect(() => {
    document.title = `${title} · markmonitor-certs`;
  }, [title]);
  switch (view) {
    case 'csr':
      return <CsrView />;
    case 'order':
      return <OrderView />;
    case 'new':
      return <NewOrderView />;
    case 'expiry':
      return <ExpiryView />;
    case 'orders':
      return <OrdersView />;
    default:
      return (
        <>
          <h1 class="visually-hidden">{title}</h1>
          <Empty title="There is no such view">
            <a href={href('csr')}>Go to the start</a>
          </Empty>
        </>
      );
  }
}
