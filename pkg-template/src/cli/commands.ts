/** Every command, the one list of them: to add one, add its file and a row here. The order is that of the help. */
import type { Command } from './command.js';
import { cancel, reissue, revoke, validate } from './commands/changes.js';
import { checkOrder } from './commands/check-order.js';
import { completionOf } from './commands/completion.js';
import { create } from './commands/create.js';
import { dcv } from './commands/dcv.js';
import { doctor } from './commands/doctor.js';
import { download } from './commands/download.js';
import { inspect } from './commands/inspect.js';
import { expiring, groups, history, orders, prices, show } from './commands/lists.js';
import { order } from './commands/order.js';
import {
  contacts,
  createContact,
  createOrganization,
  deleteContact,
  organizations,
  updateContact,
} from './commands/people.js';
import { renew } from './commands/renew.js';
import { request } from './commands/request.js';
import { sandbox } from './commands/sandbox.js';
import { wait, watch } from './commands/waiting.js';

export const commands: readonly Command[] = [
  inspect,
  create,
  checkOrder,
  order,
  dcv,
  validate,
  wait,
  watch,
  download,
  revoke,
  cancel,
  reissue,
  orders,
  show,
  history,
  expiring,
  renew,
  prices,
  organizations,
  createOrganization,
  contacts,
  createContact,
  updateContact,
  deleteContact,
  groups,
  request,
  doctor,
  sandbox,
  completionOf(() => commands),
];
