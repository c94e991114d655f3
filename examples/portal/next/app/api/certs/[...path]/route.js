import { createProxy } from 'markmonitor-certs/proxy';
import { client, hosts, personOf } from '../../../../account.mjs';
import { sessionOf } from '../../../../session.js';

const handle = createProxy({
  client,
  prefix: '/api/certs',
  hosts,
  async authorize() {
    const { name } = await sessionOf();
    return personOf(name);
  },
  onAudit: (entry) => console.error(JSON.stringify(entry)),
});

const answer = (request) => handle(request);

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST };
