import { render } from 'preact';
import { App } from './app.js';
import { refuseFiles } from './components/drops.js';
import { guardFields } from './state/secrets.js';

guardFields();
refuseFiles();

const root = document.getElementById('app');
if (root) render(<App />, root);
