/**
 * Holds the sandbox to docs/openapi.yaml with schemathesis, all of its checks on.
 *
 *   node tests/contract/run.mjs            more than 2,000 cases
 *   node tests/contract/run.mjs --quick    some hundred, for npm test
 *
 * Both are the same every time. Anything else is passed on to schemathesis, such as `--seed 7` for other cases.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cache, path } from '../../tools/lib/project.mjs';
import { pythonPackages } from '../../tools/lib/python.mjs';
import { main, Problem, run } from '../../tools/lib/run.mjs';
import { need } from '../../tools/setup.mjs';

/** Seconds of the sandbox to one of ours, so that orders move on while they are looked at. */
const SPEED = 300;
/** How long a token lives, in our seconds, with some left over. */
const TOKEN_LIFE = Math.floor((90 * 60) / SPEED / 2);
const folder = path('tests', 'contract');

/** Starts the sandbox on a free port: its address, and how to end it. */
async function startSandbox() {
  const options = ['--port', '0', '--demo', '--rate-limit', 'off', '--speed', `${SPEED}`];
  await run('cargo', ['build', '--quiet', '-p', 'sandbox']);
  const child = spawn('cargo', ['run', '--quiet', '-p', 'sandbox', '--', ...options], {
    cwd: path(),
    stdio: ['ignore', 'pipe', 'ignore'],
    // A process group, so that the signal reaches the server behind cargo.
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
  };
  process.on('exit', end);
  for await (const line of createInterface({ input: child.stdout })) {
    const address = line.match(/^sandbox listening on (\S+)$/)?.[1];
    if (address) return { address, end };
  }
  throw new Problem('The sandbox did not start.');
}

main(async () => {
  await need(['rust', 'schemathesis']);
  const command = join(await pythonPackages(join(folder, 'requirements.txt')), 'schemathesis');
  const given = process.argv.slice(2);
  const isQuick = given.includes('--quick');
  const more = given.filter((argument) => argument !== '--quick');
  const amount = isQuick ? ['--phases', 'examples,fuzzing,stateful', '--max-examples', '8'] : ['--max-examples', '20'];
  const sandbox = await startSandbox();
  // schemathesis leaves what it learned in the folder that it runs in.
  const work = join(cache, 'contract-work');
  mkdirSync(work, { recursive: true });
  const options = [
    '--url',
    sandbox.address,
    '--checks',
    'all',
    '--continue-on-failure',
    '--warnings',
    'off',
    '--seed',
    '1',
  ];
  try {
    await run(command, ['run', path('docs', 'openapi.yaml'), ...options, ...amount, ...more], {
      cwd: work,
      env: {
        SANDBOX: sandbox.address,
        TOKEN_LIFE: `${TOKEN_LIFE}`,
        SCHEMATHESIS_HOOKS: 'hooks',
        PYTHONPATH: folder,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
  } finally {
    sandbox.end();
  }
});
