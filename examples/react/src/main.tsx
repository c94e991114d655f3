/**
 * A portal in React. `cp -r ../../www/src/portal src/portal` and `npm install markmonitor-certs` put in what it is made of;
 * the server is one of ../portal, which has the key and the login.
 */
import { CertsClient, dateOf, type Order } from 'markmonitor-certs';
import { type FormEvent, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserStore } from './portal/browser-store.js';
import { type Known, OrderList } from './portal/order-list.js';
import { isOpen, type Placed, Placing } from './portal/placing.js';
import { type Answer, ask, askAgain, createQueries } from './portal/queries.js';

const store = createBrowserStore(localStorage, 'portal:', navigator.locks);
const options = { auth: 'proxy', certsBaseUrl: '/api/certs', store } as const;
const client = new CertsClient(options);
const reader = new CertsClient({ ...options, readOnly: true });
const queries = createQueries('online');

/** A value outside of React; components that use it are drawn again when it changes. */
function shared<T>(initial: T) {
  let value = initial;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    set(next: T) {
      value = next;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, () => value),
  };
}

const known = shared<Known>({ orders: [], byId: new Map(), total: undefined, isWhole: false });
const list = new OrderList((now) => known.set(now));

const slot = 'renewal';
const placed = shared<Placed | undefined>(undefined);
const placing = new Placing({
  storage: sessionStorage,
  key: 'portal:placing',
  clients: async () => ({ client, reader }),
  tell(_, now) {
    placed.set(now);
    if (now?.progress.kind !== 'placed') return;
    list.remember([now.progress.order]);
    askAgain(queries);
  },
});
placed.set(placing.get(slot));
// What a page before this one left open is looked for, and not sent again.
void placing.resume();

/** What is known of the orders, and why the last look failed; looked at every 15 s as long as it is shown. */
function useOrders(): Known & { error?: unknown } {
  const [{ error }, setAnswer] = useState<Answer<true>>({});
  useEffect(() => {
    const load = async (signal: AbortSignal) => {
      await list.look({ client, signal });
      return true as const;
    };
    return ask(queries, { key: ['orders'], load, every: () => 15_000 }, setAnswer);
  }, []);
  return { ...known.use(), error };
}

function Orders({ renew }: { renew: (order: Order) => void }) {
  const { orders, total, isWhole, error } = useOrders();
  return (
    <section>
      <p role="status">{isWhole ? `${orders.length} orders` : `${orders.length} of ${total ?? 'all'} orders loaded`}</p>
      {error instanceof Error && <p role="alert">The orders could not be loaded: {error.message}</p>}
      <table>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id}>
              <td>{order.cert?.commonName}</td>
              <td>{order.status}</td>
              <td>{dateOf(order.cert?.dateValidUntil)?.toLocaleDateString()}</td>
              <td>
                {order.status === 'DIGI_ISSUED' && (
                  <button type="button" onClick={() => renew(order)}>
                    Renew
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Renews an order with a new request. It is placed once, whatever the user, the page and the network do. */
function Renewal({ order }: { order: Order }) {
  const [error, setError] = useState('');
  const isBusy = isOpen(placed.use()?.progress);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const csr = `${new FormData(event.currentTarget).get('csr')}`;
    try {
      await placing.place(slot, await client.orders.renewal(order, { csr }), { replaces: order.id });
      setError('');
    } catch (reason) {
      setError(`${reason}`);
    }
  };
  return (
    <form onSubmit={submit}>
      <h2>Renew {order.cert?.commonName}</h2>
      <label>
        New request (CSR) <textarea name="csr" rows={6} required />
      </label>
      <button type="submit" disabled={isBusy}>
        Place the order: it costs money
      </button>
      <p role="alert">{error}</p>
    </form>
  );
}

/** Where the renewal stands. Where nobody knows, it is for a person to say that it is not there. */
function Progress() {
  const { progress } = placed.use() ?? {};
  if (!progress) return null;
  const said = 'error' in progress ? String(progress.error) : 'order' in progress ? progress.order.id : '';
  return (
    <p role="status">
      Renewal: {progress.kind} {said}
      {(progress.kind === 'unknown' || progress.kind === 'notPlaced') && (
        <button type="button" onClick={() => void placing.send(slot)}>
          It is not there: send it
        </button>
      )}
    </p>
  );
}

function Portal() {
  const [order, setOrder] = useState<Order>();
  return (
    <main>
      <h1>Certificates</h1>
      <Progress />
      {order && <Renewal key={order.id} order={order} />}
      <Orders renew={setOrder} />
    </main>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(<Portal />);
