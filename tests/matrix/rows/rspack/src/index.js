import { program } from './program.mjs';

program().then((result) => {
  document.title = `done: ${result}`;
});
