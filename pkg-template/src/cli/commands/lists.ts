/** What is read at the service, and changes nothing. */
import type { HistoryOf, Order, OrderFilter, PagePromise, Price } from 'markmonitor-certs';
import { type Argument, type Cli, type Command, json, option, parsed, repeated } from '../command.js';
import { oneOf, span, whole } from '../spans.js';
import {
  contactFields,
  momentOf,
  orderFields,
  orderTable,
  organizationFields,
  organizationTable,
} from '../text/order.js';

export const id: Argument = { name: 'id', description: 'the id of the order, a UUID' };
const usual = 100;
export const limit = parsed('--limit <number>', `at most this many; default ${usual}`, whole(1));
export const sort = option('--sort <field>', 'such as dateCreated,desc');

const kinds = ['order', 'organization', 'contact'] as const;
const of = parsed('--of <kind>', `what the id is of: ${kinds.join(', ')}; default order`, oneOf(...kinds), kinds);

/** The first items of a list, on as few pages as they need. Says so where there are more than nobody asked to leave out. */
export async function first<T>(cli: Cli, list: (paging: { size: number }) => PagePromise<T>): Promise<T[]> {
  const most = cli.get(limit);
  if (most !== undefined) return list({ size: Math.min(most, 100) }).toArray({ limit: most });
  const items = await list({ size: 100 }).toArray({ limit: usual + 1 });
  if (items.length > usual) cli.out.note(`There are more than these ${usual}: --limit N lists up to N.`);
  return items.slice(0, usual);
}

/** Prints JSON, or what `show` does. */
export function result<T>(cli: Cli, value: T, show: (value: T) => void): undefined {
  if (cli.isJson) cli.out.json(value);
  else show(value);
}

const status = repeated('--status <status>', 'of this status, such as DIGI_ISSUED');
const type = repeated('--type <type>', 'of this certificate type, such as SSL_OV_BASIC');
const name = repeated('--name <name>', 'of this common name');
const organization = option('--organization <id>', 'of this organization');

export const orders: Command = {
  name: 'orders',
  group: 'Orders',
  summary: 'list orders',
  options: [status, type, name, organization, sort, limit, json],
  account: true,
  examples: [
    ['orders --status DIGI_ISSUED --sort dateCreated,desc', 'what was issued, the newest first'],
    ['orders --name example.com --json', 'those of a name, as JSON'],
  ],
  async run(cli) {
    const client = await cli.client();
    const filter: OrderFilter = {
      ...(cli.get(status) && { statuses: cli.get(status) }),
      ...(cli.get(type) && { certificateTypes: cli.get(type) }),
      ...(cli.get(name) && { commonNames: cli.get(name) }),
      ...(cli.get(organization) && { organizationId: cli.get(organization) }),
      ...(cli.get(sort) && { sort: cli.get(sort) }),
    };
    const list = await first<Order>(cli, (paging) => client.orders.list({ ...filter, ...paging }));
    return result(cli, list, (list) => orderTable(cli.out, list));
  },
};

export const show: Command = {
  name: 'show',
  group: 'Orders',
  summary: 'show an order, an organization or a contact',
  arguments: [{ ...id, description: 'its id, a UUID' }],
  options: [of, json],
  account: true,
  examples: [
    ['show 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'an order'],
    ['show 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --of contact --json', 'a contact, as the service sends it'],
  ],
  async run(cli) {
    const client = await cli.client();
    const kind = cli.get(of) ?? 'order';
    const whose = cli.argument('id');
    if (kind === 'contact') return result(cli, await client.contacts.get(whose), (one) => contactFields(cli.out, one));
    if (kind === 'organization') {
      return result(cli, await client.organizations.get(whose), (one) => organizationFields(cli.out, one));
    }
    return result(cli, await client.orders.get(whose), (one) => orderFields(cli.out, one));
  },
};

export const history: Command = {
  name: 'history',
  group: 'Orders',
  summary: 'show what changed, and who changed it',
  arguments: [{ ...id, description: 'the id of the order, organization or contact, a UUID' }],
  options: [of, limit, json],
  account: true,
  examples: [['history 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'the changes of an order']],
  async run(cli) {
    const client = await cli.client();
    const changes: Record<string, HistoryOf> = {
      order: client.orders.history,
      organization: client.organizations.history,
      contact: client.contacts.history,
    };
    const kept = changes[cli.get(of) ?? 'order'] ?? client.orders.history;
    const list = await first(cli, (paging) => kept.list(cli.argument('id'), paging));
    return result(cli, list, (list) =>
      cli.out.table(
        ['WHEN', 'WHO', 'WHAT'],
        list.map(({ dateCreated, userName, text }) => [momentOf(dateCreated), userName ?? 'system', text]),
      ),
    );
  },
};

const within = parsed('--within <span>', 'ends within this span: 30d (the default), 12h', span);
const organizations = {
  flags: '--organizations',
  description: 'validations of organizations, in place of certificates',
};

export const expiring: Command = {
  name: 'expiring',
  group: 'Orders',
  summary: 'list certificates that end soon',
  options: [within, organizations, json],
  account: true,
  examples: [
    ['expiring --within 30d', 'certificates of the next thirty days, the soonest first'],
    ['expiring --within 60d --organizations', 'organizations whose validation ends'],
  ],
  async run(cli) {
    const client = await cli.client();
    const withinDays = (cli.get(within) ?? 30 * 86_400_000) / 86_400_000;
    if (cli.get(organizations)) {
      const list = await client.organizations.expiring({ withinDays });
      return result(cli, list, (list) => organizationTable(cli.out, list));
    }
    const list = await client.orders.expiring({ withinDays });
    return result(cli, list, (list) => orderTable(cli.out, list));
  },
};

export const prices: Command = {
  name: 'prices',
  group: 'The account',
  summary: 'list what each certificate type costs',
  options: [json],
  account: true,
  examples: [['prices', 'every type with its price']],
  async run(cli) {
    const client = await cli.client();
    return result(cli, await client.orders.prices(), (list: Price[]) =>
      cli.out.table(
        ['TYPE', 'TERM', 'PRICE'],
        list.map(({ certType, term, totalPrice, errorMessage }) => [certType, term, totalPrice ?? errorMessage]),
      ),
    );
  },
};

export const groups: Command = {
  name: 'groups',
  group: 'The account',
  summary: 'list the groups that an order can belong to',
  options: [limit, json],
  account: true,
  examples: [['groups', 'the ids that groupId of an order takes']],
  async run(cli) {
    const client = await cli.client();
    const list = await first(cli, (paging) => client.groups.list(paging));
    return result(cli, list, (list) =>
      cli.out.table(
        ['ID', 'NAME', 'DESCRIPTION'],
        list.map(({ id, name, description }) => [id, name, description]),
      ),
    );
  },
};
