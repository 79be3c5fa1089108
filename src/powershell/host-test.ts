/** The test of a host, step by step; the key that it shows first, and what a person does with it; who it is. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask } from '../core/cmdlets/batch.js';
import type { Failure, Host } from '../core/cmdlets/call.js';
import { readOf } from '../core/cmdlets/reads.js';
import { isIdText, thisPc } from '../core/cmdlets/ref.js';
import { hasRight } from '../core/machine/access.js';
import {
  hostSteps,
  LONGEST_LABEL,
  type Fingerprint,
  type HostFailure,
  type HostKeys,
  type HostStep,
  type HostTest,
} from '../core/machine/hosts.js';
import { KEY_ALIAS, sshEndOf } from '../core/machine/ssh-said.js';
import type { SetupOptions } from './bootstrap.js';
import { isStub, type OpenOptions } from './open.js';
import { NotReady } from './session.js';
import { firstContact, hasAgent, missingIdentity, openOverSsh, type Followed, type SshWay } from './ssh.js';

export type HostOptions = Omit<OpenOptions, 'lost'> & Pick<SetupOptions, 'standIn'>;

const before = (step: HostStep): readonly HostStep[] => hostSteps.slice(0, hostSteps.indexOf(step));

function failedAt(step: HostStep, failure: HostFailure, detail = ''): HostTest {
  return { passed: before(step), failed: { step, failure, detail: detail.trim().slice(0, 1000) } };
}

const aKey = new RegExp(`^${KEY_ALIAS} ([a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)\\s*$`, 'm');

/** Of a file as known_hosts is one: the first key in it, and its line. undefined: there is none. */
async function keyIn(file: string): Promise<{ readonly fingerprint: Fingerprint; readonly line: string } | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, type, blob] = aKey.exec(text) ?? [];
  if (type === undefined || blob === undefined) return undefined;
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return {
    fingerprint: { type, sha256: `SHA256:${hash.replace(/=+$/, '')}` },
    line: `${KEY_ALIAS} ${type} ${blob}\n`,
  };
}

export const fingerprintIn = async (file: string): Promise<Fingerprint | undefined> => (await keyIn(file))?.fingerprint;

/** Where the key of a host waits until a person has compared it. */
const offered = ({ keys }: Pick<SshWay, 'keys'>): string => `${keys}.new`;

/** Where it waits to be shown beside the accepted one. */
const showing = ({ keys }: Pick<SshWay, 'keys'>): string => `${keys}.shown`;

/** Takes the key that the last test has shown, and no other, if it is still the one of this fingerprint. Throws what the file system says. */
export async function acceptKey(way: Pick<SshWay, 'keys'>, { sha256 }: Pick<Fingerprint, 'sha256'>): Promise<boolean> {
  const key = await keyIn(offered(way));
  if (key?.fingerprint.sha256 !== sha256) return false;
  await writeFile(offered(way), key.line);
  await rename(offered(way), way.keys);
  return true;
}

/** The key that is accepted, and the one that the host shows now, which is kept nowhere. */
export async function bothKeys(way: SshWay): Promise<HostKeys> {
  const accepted = await fingerprintIn(way.keys);
  const scratch = showing(way);
  const { fingerprint: shown, failed } = await firstTest(way, scratch).finally(() => rm(scratch, { force: true }));
  return { ...(accepted && { accepted }), ...(shown ? { shown } : failed && { failure: failed.failure }) };
}

/** Of a host that is forgotten, or whose key was not accepted. */
export async function forgetKeys(way: Pick<SshWay, 'keys'>): Promise<void> {
  await Promise.all([way.keys, offered(way), showing(way)].map((file) => rm(file, { force: true })));
}

/**
 * Tests a host to the first step that fails. While no key of it is accepted nobody signs in: the test ends with `host-key-new` and the
 * fingerprint, and is asked for again once the key is accepted. `known`: the machine that it has to be, of a host that was added; its key
 * is never asked about again, and without it nothing is asked. Once nobody follows it any more it fails somewhere. Never rejects but for what the file system says.
 */
export async function testHost(way: SshWay, options: HostOptions & Followed, known?: string): Promise<HostTest> {
  const fingerprint = await fingerprintIn(way.keys);
  if (!fingerprint && known === undefined) return await firstTest(way, offered(way), options);
  if (!fingerprint) {
    const why = await readFile(way.keys).then(() => '', String);
    return { ...failedAt('host-key', 'host-key-lost', why), passed: [] };
  }
  try {
    const host = await openOverSsh(way, options);
    try {
      const test = await judged(host, options);
      const isOther = known !== undefined && test.machine && test.machine.id !== known;
      return { ...test, ...(isOther ? failedAt('host-key', 'other-machine') : {}), fingerprint };
    } finally {
      await host.close();
    }
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    return { ...failedAt(...(await whyOf(way, error.failure))), fingerprint };
  }
}

/** `file`: where the key of the host is put, and nothing else. */
async function firstTest(way: SshWay, file: string, followed: Followed = {}): Promise<HostTest> {
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  const { end } = await firstContact(way, file, followed);
  const fingerprint = await fingerprintIn(file);
  if (fingerprint) return { ...failedAt('host-key', 'host-key-new'), fingerprint };
  if (end?.how === 'said-nothing') return failedAt('port', 'host-not-answering', end.said);
  const { step, failure } = sshEndOf({ kind: 'session-lost', ...(end && { shell: end }) });
  if (before('host-key').includes(step)) return failedAt(step, failure, end?.said);
  // A jump host may have said it: without a key nothing is known of the host itself.
  const none = failedAt('host-key', failure === 'host-key-new' ? 'session-lost' : failure, end?.said);
  return { ...none, passed: before('name') };
}

/** Its kind says how far ssh came; why a sign-in was refused may stand in files and the agent of this PC alone. */
async function whyOf(
  way: SshWay,
  { kind, ...failure }: Failure,
): Promise<readonly [HostStep, HostFailure, said: string | undefined]> {
  const { step, failure: why } = sshEndOf({ ...failure, kind: kind === 'antivirus' ? kind : 'session-lost' });
  const said = failure.shell?.said;
  // The key of a host is asked about before it is accepted: afterwards every one that is not known is another one.
  if (why === 'host-key-new') return [step, 'host-key-changed', said];
  if (why !== 'host-sign-in-refused') return [step, why, said];
  const missing = await missingIdentity(way);
  if (missing !== undefined) return [step, 'identity-unreadable', missing];
  return [step, (await hasAgent(way)) === false ? 'ssh-agent-missing' : why, said];
}

/** What a shell over there says of itself, and who it is. Steps of which nothing is known neither pass nor fail. */
async function judged(host: Host, { heard }: Followed): Promise<HostTest> {
  const { languageMode, modules, identity } = host.handshake;
  if (languageMode !== 'FullLanguage') return failedAt('powershell', 'powershell-restricted', languageMode);
  heard?.('powershell');
  const { state = 'missing', record } = modules.find(({ name }) => name === 'Hyper-V') ?? {};
  if (state !== 'loaded') return failedAt('modules', `module-${state}`, record?.message);
  heard?.('modules');
  const machine = await machineOf(host);
  const who = 'id' in machine ? { machine } : {};
  if (identity && !hasRight(identity)) return { ...failedAt('rights', 'access-denied', identity.account), ...who };
  return { passed: identity ? hostSteps : before('rights'), ...who };
}

/** Which machine it is, and what it calls itself; or why that could not be read. */
export async function machineOf(
  host: Pick<Host, 'call'>,
): Promise<{ readonly id: string; readonly name: string } | Failure> {
  const cim = { params: {}, at: thisPc } as const;
  const answers = await ask(host, {
    product: { cmdlet: 'Get-CimInstance/Win32_ComputerSystemProduct', ...cim },
    computer: { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', ...cim },
  });
  const product = readOf(answers.product);
  const id = product.rows?.[0]?.UUID?.toLowerCase();
  if (id !== undefined && isIdText(id))
    return { id, name: (readOf(answers.computer).rows?.[0]?.Name ?? '').slice(0, LONGEST_LABEL) };
  return product.errors[0] ?? { kind: 'unexpected', cmdlet: 'Get-CimInstance/Win32_ComputerSystemProduct' };
}

/**
 * A session with a host that is known. Rejects with NotReady: it is another machine than the known one, or one that does not say which;
 * then nothing else was asked of it. Where policy restricts PowerShell over there, nothing can be asked anyway.
 */
export async function openKnownHost(
  way: SshWay,
  machine: string,
  options: OpenOptions & Pick<SetupOptions, 'standIn'>,
): Promise<Host> {
  if (!(await fingerprintIn(way.keys))) throw new NotReady({ kind: 'host-key-lost' });
  const host = await openOverSsh(way, options).catch(async (error: unknown) => {
    if (!(error instanceof NotReady)) throw error;
    const [, kind] = await whyOf(way, error.failure);
    throw new NotReady({ ...error.failure, kind });
  });
  if (isStub(host)) return host;
  const found = await machineOf(host);
  if ('id' in found && found.id === machine) return host;
  await host.close();
  throw new NotReady('id' in found ? { kind: 'other-machine' } : found);
}
