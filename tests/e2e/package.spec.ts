import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { archived, wrongFuses } from '../packed.js';
import { endOf } from './app.js';

const run = promisify(execFile);
const runtime = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
/** The account without rights that every Linux has. */
const nobody = 65534;
const isRoot = process.getuid?.() === 0;

/** What electron-builder makes for this platform: the same files, archive and fuses as in the installer for Windows. */
let folder = '';
let at = '';
const binary = (): string => path.join(at, process.platform === 'win32' ? 'Hypernest.exe' : 'hypernest');

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = await mkdtemp(path.join(tmpdir(), 'hypernest-package-'));
  const stand = runtime
    ? [
        `-c.electronDist=${runtime}`,
        `-c.electronVersion=${(await readFile(path.join(runtime, 'version'), 'utf8')).trim()}`,
      ]
    : [];
  const builder = path.resolve('node_modules/electron-builder/cli.js');
  await run(process.execPath, [builder, '--dir', `-c.directories.output=${folder}`, ...stand]);
  const [unpacked] = (await readdir(folder)).filter((name) => name.endsWith('unpacked'));
  if (!unpacked) throw new Error('electron-builder made no folder');
  at = path.join(folder, unpacked);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('the package holds only what runs, and its fuses are set', async () => {
  const resources = path.join(at, 'resources');
  expect(await readFile(path.join(at, 'THIRD-PARTY-NOTICES.txt'), 'utf8')).toContain('svelte ');
  expect(await readdir(at)).toContain('LICENSE.txt');
  expect(await readFile(path.join(at, 'bin', 'hypernest.cmd'), 'utf8')).toContain('%~dp0..\\Hypernest.exe');
  expect(await readdir(resources)).not.toContain('default_app.asar');
  const { files, foreign } = archived(resources);
  expect(foreign, 'nothing but what was built, pictures and package.json').toEqual([]);
  for (const needed of ['/out/main/main.js', '/out/preload/index.cjs', '/out/renderer/index.html'])
    expect(files).toContain(needed);
  expect(await wrongFuses(binary())).toEqual([]);
});

test.describe('started by an ordinary user', () => {
  test.skip(process.platform !== 'linux', 'on Windows by hand: docs/windows-check.md');

  let home = '';
  const started: ChildProcess[] = [];
  test.beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'hypernest-home-'));
    await chmod(folder, 0o755);
    if (isRoot) await chown(home, nobody, nobody);
  });
  test.afterEach(async () => {
    for (const child of started.splice(0)) {
      child.kill('SIGKILL');
      await endOf(child);
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  /** Nothing of the tests' own environment but the display; the real sandbox of Chromium is on. */
  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const { PATH = '', DISPLAY = '' } = process.env;
    const user = [`--reuid=${String(nobody)}`, `--regid=${String(nobody)}`, '--clear-groups', binary()];
    const [file = '', ...before] = isRoot ? ['setpriv', ...user] : [binary()];
    const child = spawn(file, [...before, ...args], {
      cwd: home,
      env: {
        PATH,
        DISPLAY,
        HOME: home,
        XDG_CONFIG_HOME: home,
        XDG_CACHE_HOME: home,
        TMPDIR: home,
        LANG: 'en_US.UTF-8',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.push(child);
    return child;
  }
  async function refusal(args: readonly string[], env?: Readonly<Record<string, string>>) {
    const child = start(args, env);
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => (said += part));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }

  for (const name of [
    '--remote-debugging-port=0',
    '-remote-debugging-port=0',
    ' --remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--remote-allow-origins=*',
    '--inspect=0',
    '--inspect-brk=0',
    '--js-flags=--expose-gc',
    '--no-sandbox',
    '--disable-web-security',
    '--disable-gpu-sandbox',
    '--single-process',
    '--user-data-dir=/nowhere',
    '--renderer-cmd-prefix=/bin/sh',
    '--gpu-launcher=/bin/sh',
    '--utility-cmd-prefix=/bin/sh',
    '--load-extension=/nowhere',
    '--proxy-server=127.0.0.1:1',
    '--host-rules=MAP * 127.0.0.1',
    '--allow-file-access-from-files',
    '--log-net-log=log',
    '--require=/nowhere',
    '--scenario=workstation',
    '--not-yet-made',
  ])
    test(`it says that it does not start with ${name}, and ends`, async () => {
      const { code, said } = await refusal([name]);
      expect(said).toContain(`doesn’t start with ${name.trim().split('=')[0] ?? ''}:`);
      expect(code).toBe(2);
    });

  test('the environment takes its sandbox away as little as a switch', async () => {
    const { code, said } = await refusal([], { ELECTRON_DISABLE_SANDBOX: '1' });
    expect(said).toContain('doesn’t start with --no-sandbox:');
    expect(code).toBe(2);
  });

  test('what makes a command or a link of a start brings no other switch with it', async () => {
    const linked = await refusal(['hypernest://check', '--gpu-launcher=/bin/sh']);
    expect(linked).toMatchObject({ code: 2, said: expect.stringContaining('doesn’t start with --gpu-launcher:') });
    const typed = await refusal(['--check', 'a', 'b']);
    expect(typed).toMatchObject({ code: 2, said: expect.stringContaining('Hypernest doesn’t expect this here: b') });
    expect(await readdir(home), 'a command makes no folder of the app’s').not.toContain('Hypernest');
    expect((await refusal(['--end'])).code, 'none runs').toBe(0);
  });

  test('with its own switch it runs, its page in the sandbox, whatever the environment wants of Node', async () => {
    const script = path.join(home, 'foreign.cjs');
    await writeFile(script, "require('node:fs').writeFileSync(__dirname + '/ran', '')");
    const child = start(['--without-gpu', script], { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${script}` });
    const seccomp = async (): Promise<string | undefined> => {
      const page = (await processesBelow(child.pid)).find(({ command }) => command.includes('--type=renderer'));
      return page && /^Seccomp:\s*(\d)/m.exec(page.status)?.[1];
    };
    await expect.poll(seccomp, { timeout: 20_000, message: 'the page is filtered' }).toBe('2');
    expect(await readdir(home)).not.toContain('ran');
  });
});

interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly status: string;
}

/** Of Linux: a process and all that it has started. */
async function processesBelow(root: number | undefined): Promise<readonly Seen[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = names.map(async (name): Promise<Seen | null> => {
    const of = (file: string): Promise<string> => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [command, status] = await Promise.all([of('cmdline'), of('status')]);
    const parent = /^PPid:\s*(\d+)/m.exec(status)?.[1];
    return parent === undefined ? null : { pid: Number(name), parent: Number(parent), command, status };
  });
  const all = (await Promise.all(read)).filter((one) => one !== null);
  const below = (pid: number | undefined): readonly Seen[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}
