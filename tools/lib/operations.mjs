/** The table of endpoints as Rust has it, one object for each row of src/api/endpoints.rs. */
import { run } from './run.mjs';

export async function operations() {
  const quiet = 'printing the table of endpoints';
  return JSON.parse(await run('cargo', ['run', '--quiet', '-p', 'declarations', '--', '--operations'], { quiet }));
}
