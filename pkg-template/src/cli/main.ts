/** The program `markmonitor-certs`. */
import { commands } from './commands.js';
import { endByAnySignal, endLikeSignalled } from './interruption.js';
import { run } from './program.js';

endByAnySignal();
// What is left open, such as a connection that is kept for a next call, does not hold the process.
process.exitCode = await run(commands, process.argv.slice(2));
endLikeSignalled(process.exitCode);
