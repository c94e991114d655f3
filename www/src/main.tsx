import { render } from 'preact';
import { App } from './app.js';
import { guardFields } from './state/secrets.js';

guardFields();

const root = document.getElementById('app');
if (root) render(<App />, root);
