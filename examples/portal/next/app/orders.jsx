'use client';

import { CertsClient } from 'markmonitor-certs';
import { useEffect, useState } from 'react';

/** The orders, as the page's own client lists them through the proxy. */
export function Orders() {
  const [orders, setOrders] = useState([]);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' });
    const left = new AbortController();
    client.on('session', () => location.assign('/'));
    client.orders
      .list({}, { signal: left.signal })
      .toArray()
      .then(setOrders, ({ message }) => left.signal.aborted || setFailure(message));
    return () => {
      left.abort();
      client.close();
    };
  }, []);
  return (
    <>
      <form method="post" action="/logout">
        <button type="submit">Log out</button>
      </form>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Status</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ id, status, cert }) => (
            <tr key={id}>
              <td>{cert?.commonName ?? id}</td>
              <td>{status}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p role="status">{failure}</p>
    </>
  );
}
