/** All that `client.renewals` needs beside the client, in one place: it is loaded when it is first used. */
export { makePlan } from './plan.js';
export { RunSource } from './run.js';
