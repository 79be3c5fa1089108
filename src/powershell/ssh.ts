/**
 * ssh of this PC, and the way through it to a shell of another one. Keys, agent, hardware keys, jump hosts and aliases are the person's own
 * and stay with ssh; whom it talks to is checked against our own file of the one key that a person has accepted, never against theirs.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { parseHostAddress, type HostAddress } from '../core/machine/hosts.js';
import { KEY_ALIAS, sshEndOf } from '../core/machine/ssh-said.js';
import type { Host, ShellEnd } from '../core/cmdlets/call.js';
import type { SetupOptions } from './bootstrap.js';
import { LONGEST_LINE } from './frames.js';
import { openThrough, type OpenOptions } from './open.js';
import { NotReady } from './session.js';
import { LAST_WORDS_WITHIN, programTransport, type Transport } from './transport.js';

export interface Ssh {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Arguments before all others: none but in tests, which have a config of their own. */
  readonly before?: readonly string[];
}

/** The way to one host. */
export interface SshWay {
  readonly ssh: Ssh;
  readonly address: HostAddress;
  /** The file of the key that was accepted for it: a line as of known_hosts. */
  readonly keys: string;
}

/** Of the OpenSSH client that Windows brings, by its full path. The account's own PATH: its ssh config may name programs. */
export function windowsSsh(environment: NodeJS.ProcessEnv, root: string): Ssh {
  const system = path.win32.join(root, 'System32');
  const kept = ['PATH', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'APPDATA', 'USERNAME', 'USERDOMAIN', 'COMPUTERNAME', 'ProgramData', 'SSH_AUTH_SOCK', 'SSH_SK_PROVIDER']; // prettier-ignore
  return {
    executable: path.win32.join(system, 'OpenSSH', 'ssh.exe'),
    cwd: system,
    env: {
      ...Object.fromEntries(
        kept.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
      ),
      SystemRoot: root,
      windir: root,
      COMSPEC: path.win32.join(system, 'cmd.exe'),
      // BatchMode is of our ssh alone: that of a jump host would ask on a console that nobody sees. It asks a program that is not there.
      SSH_ASKPASS: path.win32.join(system, 'OpenSSH', 'asks-nobody.exe'),
      SSH_ASKPASS_REQUIRE: 'force',
    },
  };
}

/** The one short line that is a command over there; all else goes by its input. The environment that lifts a policy does not cross SSH. */
export const START_LINE = 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -NoExit -Command -';

/** Nothing is asked, forwarded, or run here; nobody's list of keys but ours counts; what is said is ssh's own errors. */
const always = {
  BatchMode: 'yes',
  LogLevel: 'ERROR',
  ConnectTimeout: '10',
  ConnectionAttempts: '1',
  ServerAliveInterval: '15',
  ServerAliveCountMax: '3',
  ClearAllForwardings: 'yes',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  Tunnel: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  // A connection of somebody else's would have been checked against their keys.
  ControlMaster: 'no',
  ControlPath: 'none',
  VerifyHostKeyDNS: 'no',
  UpdateHostKeys: 'no',
  CheckHostIP: 'no',
  HashKnownHosts: 'no',
  // The file is of one host: whatever its address is called, it is the same key.
  HostKeyAlias: KEY_ALIAS,
} as const;

/** Forward slashes, since a backslash before a quote would be one of the quote; quoted, since a folder may have spaces. */
const quoted = (file: string): string => `"${file.replaceAll('\\', '/')}"`;

/** `more`: further options, and what they are set to. The address stands behind `--`, in parts. */
export function sshArguments(
  { ssh: { before = [] }, address: { user, name, port } }: Pick<SshWay, 'ssh' | 'address'>,
  more: Readonly<Record<string, string>>,
  command?: string,
): readonly string[] {
  return [
    ...before,
    '-T',
    // No Kerberos ticket of the person's goes there.
    '-k',
    ...Object.entries({ ...always, ...more }).flatMap(([option, value]) => ['-o', `${option}=${value}`]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    '--',
    name,
    ...(command === undefined ? [] : [command]),
  ];
}

const checkedAgainst = (keys: string, how: 'yes' | 'accept-new') => ({
  StrictHostKeyChecking: how,
  // Of the two only this one may have tokens, which begin with %.
  UserKnownHostsFile: quoted(keys.replaceAll('%', '%%')),
  GlobalKnownHostsFile: quoted(keys),
});

/** A shell over there, as far as the key of the host is the accepted one. */
export const sshTransport = (way: SshWay, bootstrap: string): Transport =>
  programTransport({
    ...way.ssh,
    args: sshArguments(way, checkedAgainst(way.keys, 'yes'), START_LINE),
    bootstrap,
    // All lanes may answer at once, each with a long line.
    most: 8 * LONGEST_LINE,
  });

/** Rejects with NotReady, whose failure says how far ssh came. */
export async function openOverSsh(way: SshWay, options: OpenOptions & Pick<SetupOptions, 'standIn'>): Promise<Host> {
  try {
    return await openThrough((bootstrap) => sshTransport(way, bootstrap), {
      ...options,
      isStrange: true,
      // The bridge was not let run: that has one cause which can be asked for.
      asksWhy: (failure) => sshEndOf(failure).failure === 'session-lost',
    });
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    throw new NotReady({ ...error.failure, kind: sshEndOf(error.failure).failure });
  }
}

interface Ran {
  /** `said-nothing`: it took too long, and was ended by us. */
  readonly end: ShellEnd & { readonly said: string };
  readonly out: string;
}

/** Milliseconds that a program of OpenSSH has to its end. */
const RUNS_WITHIN = 30_000;

/** Runs a program of OpenSSH to its end, or until it takes too long: its output, at most 64 KiB of it, and its last words. Never rejects. */
function run({ env, cwd }: Ssh, executable: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    let [out, said] = ['', ''];
    const endWith = (how: ShellEnd['how'], code?: string): void =>
      resolve({ end: { how, said, ...(code === undefined ? {} : { code }) }, out });
    const options = { env, windowsHide: true, ...(cwd === undefined ? {} : { cwd }) };
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn(executable, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch {
      endWith('not-started');
      return;
    }
    let isLate = false;
    const stop = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, RUNS_WITHIN);
    child.stdout.on('data', (chunk: Buffer) => (out = `${out}${chunk.toString()}`.slice(0, 65_536)));
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-1000)));
    child.once('error', () => {
      clearTimeout(stop);
      endWith('not-started');
    });
    child.once('exit', (code) => {
      clearTimeout(stop);
      const tell = (): void => {
        if (isLate) endWith('said-nothing');
        else if (code === null) endWith('killed');
        else endWith(code === 0 ? 'ended' : 'failed', String(code));
        child.stdout.destroy();
        child.stderr.destroy();
      };
      // The ssh of a jump host may hold its streams open for ever.
      child.once('close', tell);
      setTimeout(tell, LAST_WORDS_WITHIN);
    });
  });
}

/** The key of a host, written by ssh itself into a file that is not there yet. Nobody signs in, and no key of the person's is shown. */
export const firstContact = (way: SshWay, file: string): Promise<Ran> =>
  run(
    way.ssh,
    way.ssh.executable,
    sshArguments(way, { ...checkedAgainst(file, 'accept-new'), PreferredAuthentications: 'none' }, 'exit'),
  );

/** Whether an agent runs here that could sign. undefined: not known. */
export async function hasAgent({ ssh }: Pick<SshWay, 'ssh'>): Promise<boolean | undefined> {
  const { dir, ext } = path.parse(ssh.executable);
  const { code } = (await run(ssh, path.join(dir, `ssh-add${ext}`), ['-l'])).end;
  // 1: it runs, and has no keys. 2: it cannot be reached.
  return code === undefined ? undefined : code !== '2';
}

/** What an address leads to by the person's own ssh config, as another program takes it. undefined: not known, or no name. */
export async function hostNameOf(way: Pick<SshWay, 'ssh' | 'address'>): Promise<string | undefined> {
  const { out } = await run(way.ssh, way.ssh.executable, ['-G', ...sshArguments(way, {})]);
  const [, name = ''] = /^hostname (\S+)\r?$/m.exec(out) ?? [];
  const read = parseHostAddress(name.includes(':') ? `[${name}]` : name);
  return 'fault' in read ? undefined : read.name;
}
