import { render } from 'preact';
import { App } from './app.js';
import { init } from './pki.js';

// Loaded while the user still looks around. Whoever needs it first is told if it fails.
init().catch(() => {});

const root = document.getElementById('app');
if (root) render(<App />, root);
