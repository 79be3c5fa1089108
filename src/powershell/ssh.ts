/**
 * ssh of this PC, and the way through it to a shell of another one. Keys, agent, hardware keys, jump hosts and aliases are the person's own
 * and stay with ssh; whom it talks to is checked against our own file of the one key that a person has accepted, never against theirs.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { parseHostAddress, type HostAddress, type HostStep } from '../core/machine/hosts.js';
import { aloud, sshEndOf } from '../core/machine/ssh-said.js';
import type { Failure, Host, ShellEnd } from '../core/cmdlets/call.js';
import type { SetupOptions } from './bootstrap.js';
import { keptOf } from './find.js';
import { LONGEST_LINE } from './frames.js';
import { openThrough, type OpenOptions } from './open.js';
import { NotReady } from './session.js';
import { optionsOf, versionIn, type Version } from './ssh-options.js';
import { lostFailure } from './shell-end.js';
import { programTransport, type Transport } from './transport.js';

export interface Ssh {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Arguments before all others: none but in tests, which have a config of their own. */
  readonly before?: readonly string[];
  /** As it has said itself; not given: an old one. */
  readonly version?: Version;
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
      ...keptOf(environment, kept),
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

/** Forward slashes, since a backslash before a quote would be one of the quote; quoted, since a folder may have spaces. */
const quoted = (file: string): string => `"${file.replaceAll('\\', '/')}"`;

/** `more`: further options, and what they are set to. The address stands behind `--`, in parts. */
export function sshArguments(
  { ssh: { before = [], version }, address: { user, name, port } }: Pick<SshWay, 'ssh' | 'address'>,
  more: Readonly<Record<string, string>>,
  command?: string,
): readonly string[] {
  return [
    ...before,
    '-T',
    // No Kerberos ticket of the person's goes there.
    '-k',
    ...Object.entries({ ...optionsOf(version), ...more }).flatMap(([option, value]) => ['-o', `${option}=${value}`]),
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

/** Who waits for what comes of it. */
export interface Followed {
  /** Each step that has passed, as it does. */
  readonly heard?: (step: HostStep) => void;
  /** Nobody waits for it any more: its ssh is ended. */
  readonly signal?: AbortSignal;
}

/** Only a test asks ssh to speak: what it says of each step would stand among the errors of a session. */
const speaking = ({ heard }: Followed) =>
  heard ? { level: { LogLevel: 'DEBUG1' }, isError: aloud(heard) } : { level: {}, isError: undefined };

function endedBy(signal: AbortSignal | undefined, transport: Transport): Transport {
  const end = (): void => transport.kill();
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end);
  void transport.ended.then(() => signal?.removeEventListener('abort', end));
  return transport;
}

/** A shell over there, as far as the key of the host is the accepted one. */
export function sshTransport(way: SshWay, bootstrap: string, followed: Followed = {}): Transport {
  const { level, isError } = speaking(followed);
  const transport = programTransport({
    ...way.ssh,
    args: sshArguments(way, { ...checkedAgainst(way.keys, 'yes'), ...level }, START_LINE),
    bootstrap,
    // All lanes may answer at once, each with a long line.
    most: 8 * LONGEST_LINE,
    isError,
  });
  return endedBy(followed.signal, transport);
}

/** Rejects with NotReady, whose failure says how far ssh came. */
export async function openOverSsh(
  way: SshWay,
  { heard, signal, ...options }: OpenOptions & Pick<SetupOptions, 'standIn'> & Followed,
): Promise<Host> {
  const followed = { ...(heard && { heard }), ...(signal && { signal }) };
  try {
    const known = await versed(way);
    return await openThrough((bootstrap) => sshTransport(known, bootstrap, followed), {
      ...options,
      isStrange: true,
      // The bridge was not let run: that has one cause which can be asked for.
      asksWhy: (failure) => !signal?.aborted && sshEndOf(failure).failure === 'session-lost',
    });
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    throw new NotReady({ ...error.failure, kind: sshEndOf(error.failure).failure });
  }
}

interface Ran {
  /** `said-nothing`: it took too long, and was ended by us. */
  readonly end: Failure['shell'];
  readonly lines: readonly string[];
}

/** Milliseconds that a program of OpenSSH has to its end. */
const RUNS_WITHIN = 30_000;

/** Runs a program of OpenSSH to its end, or until it takes too long: its lines, and its last words. Never rejects. */
async function run(
  ssh: Ssh,
  executable: string,
  args: readonly string[],
  { signal, isError }: Pick<Followed, 'signal'> & { readonly isError?: ((line: string) => boolean) | undefined } = {},
): Promise<Ran> {
  const program = programTransport({ ...ssh, executable, args, bootstrap: '', most: LONGEST_LINE, isError });
  const transport = endedBy(signal, program);
  const lines: string[] = [];
  let said = '';
  let why: ShellEnd['how'] | undefined;
  transport.onLine((line) => void lines.push(line));
  transport.onSaid((last) => (said = last));
  transport.end();
  const late = setTimeout(() => {
    why = 'said-nothing';
    transport.kill();
  }, RUNS_WITHIN);
  const end = await transport.ended;
  clearTimeout(late);
  return { end: lostFailure(end, said, why).shell, lines };
}

/** With a switch of ssh before all others. */
const flagged = <Way extends Pick<SshWay, 'ssh'>>(way: Way, flag: string): Way => ({
  ...way,
  ssh: { ...way.ssh, before: [...(way.ssh.before ?? []), flag] },
});

/** Of clients, by their path: asked once. */
const versions = new Map<string, Promise<Version | undefined>>();

/** The way, with what its client says of itself. */
async function versed<Way extends Pick<SshWay, 'ssh'>>(way: Way): Promise<Way> {
  const { ssh } = way;
  const asked =
    versions.get(ssh.executable) ?? run(ssh, ssh.executable, ['-V']).then(({ end }) => versionIn(end?.said));
  versions.set(ssh.executable, asked);
  const version = await asked;
  if (!version) versions.delete(ssh.executable);
  return version ? { ...way, ssh: { ...ssh, version } } : way;
}

/**
 * The key of a host, written by ssh itself into a file that is not there yet. No key of the person's is shown; a host that lets somebody in
 * all the same has written its key by then, and is left: no command runs there.
 */
export async function firstContact(way: SshWay, file: string, { heard, signal }: Followed = {}): Promise<Ran> {
  const left = new AbortController();
  const { level, isError } = speaking({
    heard: (step) => (step === 'sign-in' ? left.abort() : heard?.(step)),
  });
  const known = await versed(way);
  const options = { ...checkedAgainst(file, 'accept-new'), PreferredAuthentications: 'none', ...level };
  const signals = [left.signal, ...(signal ? [signal] : [])];
  return await run(way.ssh, way.ssh.executable, sshArguments(flagged(known, '-N'), options), {
    isError,
    signal: AbortSignal.any(signals),
  });
}

/** Whether an agent runs here that could sign. undefined: not known. */
export async function hasAgent({ ssh }: Pick<SshWay, 'ssh'>): Promise<boolean | undefined> {
  const { dir, ext } = path.parse(ssh.executable);
  const { end } = await run(ssh, path.join(dir, `ssh-add${ext}`), ['-l']);
  // 1: it runs, and has no keys. 2: it cannot be reached.
  return end?.how === 'ended' || end?.how === 'failed' ? end.code !== '2' : undefined;
}

/** What the person's own ssh config says of an address: the values of an option, none where that is not known. */
async function configured(way: Pick<SshWay, 'ssh' | 'address'>, option: string): Promise<readonly string[]> {
  const known = flagged(await versed(way), '-G');
  const { lines } = await run(known.ssh, known.ssh.executable, sshArguments(known, {}));
  return lines.flatMap((line) => (line.startsWith(`${option} `) ? [line.slice(option.length + 1)] : []));
}

/** What an address leads to, as another program takes it. undefined: not known, or no name. */
export async function hostNameOf(way: Pick<SshWay, 'ssh' | 'address'>): Promise<string | undefined> {
  const [name = ''] = await configured(way, 'hostname');
  const read = parseHostAddress(name.includes(':') ? `[${name}]` : name);
  return 'fault' in read ? undefined : read.name;
}

/** Of the key files that the person's own ssh config names for a host, why the first that is missing is. undefined: none is known to be. */
export async function missingIdentity(way: Pick<SshWay, 'ssh' | 'address'>): Promise<string | undefined> {
  const { USERPROFILE, HOME = '' } = way.ssh.env;
  for (const name of await configured(way, 'identityfile')) {
    // ssh tries those by itself where none is named; what has tokens only ssh can read.
    if (/^~[\\/]\.ssh[\\/]id_[a-z0-9_]+$/.test(name) || /[%$]/.test(name)) continue;
    const file = name.replace(/^~(?=[\\/])/, USERPROFILE ?? HOME);
    const missing = await access(file).then(() => undefined, String);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
