export { program } from './program.mjs';
