/** The pages of the portals without a framework for them: the login, and the orders of those who are logged in. */
import { readFile } from 'node:fs/promises';

/** Where the package has what browsers load. A portal with a bundler needs none of this. */
const dist = new URL('../', import.meta.resolve('markmonitor-certs'));

/** The file of the package that a page asks for below `/markmonitor-certs/`; nothing for all else. */
export async function packageFile(path) {
  const name = /^\/markmonitor-certs\/((?:[\w-]+\/)*[\w-]+\.js)$/.exec(path)?.[1];
  return name && (await readFile(new URL(name, dist)).catch(() => undefined));
}

const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Certificates</title>';

const login = `${head}
<form method="post" action="/login">
  <label>Name <input name="name" autocomplete="username"></label>
  <label>Password <input name="password" type="password" autocomplete="current-password"></label>
  <button>Log in</button>
</form>`;

const orders = `${head}
<form method="post" action="/logout"><button>Log out</button></form>
<table><thead><tr><th>Name</th><th>Status</th></tr></thead><tbody></tbody></table>
<p role="status"></p>
<script type="module">
  import { CertsClient } from '/markmonitor-certs/esm/inline.js';

  const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' });
  client.on('session', () => location.assign('/'));
  try {
    for await (const { id, status, cert } of client.orders.list()) {
      const row = document.querySelector('tbody').insertRow();
      for (const text of [cert?.commonName ?? id, status]) row.insertCell().textContent = text;
    }
  } catch (error) {
    document.querySelector('[role=status]').textContent = error.message;
  }
</script>`;

/** The page for the person of a session, or for nobody. */
export const pageFor = (person) => (person ? orders : login);
