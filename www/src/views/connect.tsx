import { Button } from '../components/button.js';
import { Card, Code } from '../components/card.js';
import { Note } from '../components/states.js';
import { mode, proxyPath } from '../state/service.js';

const command = 'MARKMONITOR_API_KEY=… MARKMONITOR_USERNAME=… MARKMONITOR_PASSWORD=… npm start';

const change = () => {
  mode.value = mode.peek() === 'proxy' ? 'sandbox' : 'proxy';
  // Another mode is another world.
  location.reload();
};

export function ConnectView() {
  const isLive = mode.value === 'proxy';
  return (
    <div class="view stack connect">
      <h1>Your account</h1>
      {proxyPath ? (
        <Card title={isLive ? 'Connected' : 'In the sandbox'} class="stack">
          <p>
            {isLive
              ? 'This page talks to the real service through its server, which holds the credentials. Orders cost money.'
              : 'The server of this page has an account; you are looking at sample orders instead.'}
          </p>
          <p>
            <Button word={isLive ? 'Look around in the sandbox' : 'Use the account'} onClick={change} />
          </p>
        </Card>
      ) : (
        <Card title="Connect your account" class="stack">
          <p>
            Never put the password or the API key in a page. Start the server of this page with them, in the project's
            folder; it adds them to each call, and this page shows your orders.
          </p>
          <Code text={command} label="the command" />
          <p class="muted">In a portal, the server is yours: see docs/portal.md.</p>
          <Note tone="active">Until then you work in the sandbox, which runs in this page and costs nothing.</Note>
        </Card>
      )}
    </div>
  );
}
