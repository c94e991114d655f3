/**
 * Holds the sandbox to docs/openapi.yaml with schemathesis, all of its checks on.
 *
 *   node tests/contract/run.mjs            more than 2,000 cases
 *   node tests/contract/run.mjs --quick    some hundred, for npm test
 *
 * Both are the same every time. Anything else is passed on to schemathesis, such as `--seed 7` for other cases.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cache, path } from '../../tools/lib/project.mjs';
import { main, onPath, Problem, run } from '../../tools/lib/run.mjs';

/** Seconds of the sandbox to one of ours, so that orders move on while they are looked at. */
const SPEED = 300;
/** How long a token lives, in our seconds, with some left over. */
const TOKEN_LIFE = Math.floor((90 * 60) / SPEED / 2);
const folder = path('tests', 'contract');

/** schemathesis in a virtual environment of its own, made on first use. Undefined where Python cannot make one. */
async function schemathesis() {
  const requirements = join(folder, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  const home = join(cache, `contract-${wanted.trim().replace('==', '-')}`);
  const bin = join(home, process.platform === 'win32' ? 'Scripts' : 'bin');
  const done = join(home, 'complete');
  if (!existsSync(done)) {
    const python = onPath('python3', 'python');
    if (!python) return undefined;
    mkdirSync(cache, { recursive: true });
    rmSync(home, { recursive: true, force: true });
    try {
      await run(python, ['-m', 'venv', home], { quiet: 'making a virtual environment for Python' });
    } catch {
      // Debian has `venv` in a package of its own.
      return undefined;
    }
    await run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], {
      quiet: 'installing schemathesis',
    });
    writeFileSync(done, wanted);
  }
  return join(bin, 'schemathesis');
}

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
  const command = await schemathesis();
  if (!command) {
    const reason = 'Python 3 with its module venv is missing (Debian: apt-get install python3-venv)';
    if (process.env.CI) throw new Problem(`${reason}: the contract cannot be tested.`);
    console.log(`skipped: ${reason}.`);
    return;
  }
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
