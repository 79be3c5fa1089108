/** Real OpenSSH servers on loopback, the engine with a simulated world behind each: keys, config and port of their own, none of it stays. */
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { HostAddress } from '../../src/core/machine/hosts.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { START_LINE, type Ssh, type SshWay } from '../../src/powershell/ssh.js';

const run = promisify(execFile);

const found = (name: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin']
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));

/** Whether the tests over SSH can run; says why not. */
export function hasSshd(): boolean {
  const why =
    process.platform === 'win32'
      ? 'they are of a server that Windows starts as a service only'
      : ['sshd', 'ssh', 'ssh-keygen', 'ssh-add', 'pgrep']
          .filter((name) => found(name) === undefined)
          .map((name) => `there is no ${name}`)[0];
  if (why !== undefined) console.warn(`The tests over SSH are skipped: ${why}`);
  return why === undefined;
}

const programOf = (name: string): string => found(name) ?? name;

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Until it listens; rejects when it has ended before. */
async function listening(port: number, server: ChildProcess, said: () => string): Promise<void> {
  while (server.exitCode === null) {
    const socket = net.connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`sshd ended: ${said()}`);
}

const childrenOf = (pid = 0): readonly number[] =>
  spawnSync(programOf('pgrep'), ['-P', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .flatMap((line) => (line === '' ? [] : [Number(line)]));
const descendantsOf = (pid?: number): readonly number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

export interface Sshd {
  readonly port: number;
  /** Its public key, as a file. */
  readonly hostKey: string;
  readonly log: () => string;
  /** Ends each of its sessions in the middle: as a cable that is pulled, but told at once. */
  readonly cut: () => void;
  /** Itself, its sessions, and what runs in them stand still, as where the host sleeps; returned: wakes them. */
  readonly sleep: () => () => void;
  /** Of the one user whom it lets in, as a file. */
  readonly identity: string;
  /** A way to it as its one user, none of whose keys are accepted yet. `config`: more lines of the person's ssh config. */
  readonly way: (over?: {
    readonly config?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  }) => SshWay;
  readonly close: () => Promise<void>;
}

/** `before`: a text on its output before PowerShell begins. `instead`: shell script in the place of PowerShell. `config`: more lines of its own. */
export async function startSshd(
  { executable, env }: Pick<FoundShell, 'executable' | 'env'>,
  {
    before = '',
    banner = '',
    instead,
    config = [],
  }: {
    readonly before?: string;
    readonly banner?: string;
    readonly instead?: string;
    readonly config?: readonly string[];
  } = {},
): Promise<Sshd> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-sshd-'));
  const file = (name: string): string => path.join(folder, name);
  await Promise.all(
    ['host', 'me'].map((name) => run(programOf('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)])),
  );
  fs.copyFileSync(file('me.pub'), file('authorized'));
  for (const [name, text] of [['before', before], ['banner', banner]] as const) fs.writeFileSync(file(name), text); // prettier-ignore
  const variables = Object.entries(env).map(([name, value]) => `'${name}=${value}'`);
  fs.writeFileSync(
    file('start'),
    [
      '#!/bin/sh',
      'if [ "$SSH_ORIGINAL_COMMAND" = exit ]; then exit 0; fi',
      `if [ "$SSH_ORIGINAL_COMMAND" != '${START_LINE}' ]; then exit 9; fi`,
      `cat '${file('before')}'`,
      instead ?? `exec env -i ${variables.join(' ')} '${executable}' ${START_LINE.replace('powershell.exe ', '')}`,
      '',
    ].join('\n'),
    { mode: 0o755 },
  );
  // Where root runs it, it leaves its rights in this folder before anybody is signed in.
  if (process.getuid?.() === 0) fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  fs.writeFileSync(
    file('config'),
    ['ListenAddress 127.0.0.1', `Port ${String(port)}`, `HostKey ${file('host')}`, `AuthorizedKeysFile ${file('authorized')}`, 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin yes', `Banner ${file('banner')}`, `PidFile ${file('pid')}`, `ForceCommand ${file('start')}`, ...config, ''].join('\n'), // prettier-ignore
  );
  const server = spawn(programOf('sshd'), ['-D', '-e', '-f', file('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await listening(port, server, () => log);
  let ways = 0;
  return {
    port,
    hostKey: file('host.pub'),
    identity: file('me'),
    log: () => log,
    cut: () => childrenOf(server.pid).forEach((pid) => process.kill(pid, 'SIGKILL')),
    sleep: () => {
      const all = [server.pid ?? 0, ...descendantsOf(server.pid)];
      all.forEach((pid) => process.kill(pid, 'SIGSTOP'));
      return () => all.forEach((pid) => process.kill(pid, 'SIGCONT'));
    },
    way: ({ config = [], env: more = {} } = {}) => {
      const own = file(`person-${String(ways++)}`);
      fs.writeFileSync(own, [...config, `IdentityFile ${file('me')}`, 'IdentitiesOnly yes', ''].join('\n'));
      const address: HostAddress = { user: os.userInfo().username, name: '127.0.0.1', port };
      return { ssh: sshWith(own, more), address, keys: `${own} 50% keys` };
    },
    close: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The ssh of this machine as a person has it whose config is this file. */
const sshWith = (config: string, env: Readonly<Record<string, string>>): Ssh => ({
  executable: programOf('ssh'),
  env: { PATH: process.env['PATH'] ?? '', HOME: os.tmpdir(), SSH_AUTH_SOCK: '/nowhere/agent', ...env },
  before: ['-F', config],
});

/** What the client says of itself. */
export const versionSaid = async (): Promise<string> => (await run(programOf('ssh'), ['-V'])).stderr;

export const fingerprintOf = async (publicKey: string): Promise<string> =>
  (await run(programOf('ssh-keygen'), ['-l', '-f', publicKey])).stdout.split(' ')[1] ?? '';

/** An agent without keys, at this socket. */
export async function startAgent(socket: string): Promise<{ readonly close: () => Promise<void> }> {
  const agent = spawn(programOf('ssh-agent'), ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  // It says where it listens.
  await once(agent.stdout, 'data');
  return {
    close: async () => {
      const ended = once(agent, 'exit');
      agent.kill();
      await ended;
    },
  };
}

/** Line of an ssh config: a link of 20 ms each way, and of 500 kB a second. */
export function slowLink(folder: string): string {
  const script = path.join(folder, 'slow.mjs');
  fs.writeFileSync(
    script,
    `import net from 'node:net';
const socket = net.connect(Number(process.argv[3]), process.argv[2]);
const slowly = (from, to) => {
  from.on('data', (data) => {
    from.pause();
    setTimeout(() => { to.write(data); from.resume(); }, 20 + data.length / 500);
  });
  from.on('end', () => to.end());
};
slowly(process.stdin, socket);
slowly(socket, process.stdout);
`,
  );
  return `ProxyCommand "${process.execPath}" "${script}" %h %p`;
}
