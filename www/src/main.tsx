import { render } from 'preact';
import { App } from './app.js';
import { init } from './pki.js';
import { guardFields } from './state/secrets.js';

// Loaded while the user still looks around. The first use reports it if it fails.
init().catch(() => {});
guardFields();

const root = document.getElementById('app');
if (root) render(<App />, root);
