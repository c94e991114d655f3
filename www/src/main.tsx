import { init } from 'markmonitor-certs';
import { render } from 'preact';
import { App } from './app.js';
import './state/theme.js';

// Loaded while the user still looks around. Whoever needs it first is told if it fails.
init().catch(() => {});

const root = document.getElementById('app');
if (root) render(<App />, root);
