/** The program `markmonitor-certs`. */
import { commands } from './commands.js';
import { exit } from './failure.js';
import { endByAnySignal, endLikeSignalled } from './interruption.js';
import { run } from './program.js';

// What is missing in an older one would be missed in the middle of a run.
if (typeof process.getBuiltinModule !== 'function') {
  console.error(`error: Node ${process.versions.node} is too old: use 20.19, 22.12 or a newer one.`);
  process.exit(exit.usage);
}
endByAnySignal();
// What is left open, such as a connection that is kept for a next call, does not hold the process.
process.exitCode = await run(commands, process.argv.slice(2));
endLikeSignalled(process.exitCode);
