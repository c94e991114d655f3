import { render } from 'preact';
import { App } from './app.js';
import './state/theme.js';

const root = document.getElementById('app');
if (root) render(<App />, root);
