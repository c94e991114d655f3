/** The service, as plain as can be: replies to `…/order/ID` with an order, to `…/order` with a page of 20. Prints its port. */
import { createServer } from 'node:http';
import { orders, pageOf } from './orders.mjs';

const whole = Buffer.from(JSON.stringify(orders[0]));
const page = Buffer.from(pageOf(20));

const server = createServer((request, response) => {
  const body = /\/order(\?|$)/.test(request.url) ? page : whole;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
