/** Another PC that is reached over SSH: its address as a person types it, the test of it, and what is kept of it. */
import type { SshFailure } from '../cmdlets/call.js';
import { textOf, thisPc, type HostId } from '../cmdlets/ref.js';

/** Without user and port, `name` may be an alias of the person's own ssh config. An IPv6 address stands without its brackets. */
export interface HostAddress {
  readonly user?: string;
  readonly name: string;
  readonly port?: number;
}

/** Characters of the name that a person gives it; its own, which is offered for that, has no more. */
export const LONGEST_LABEL = 64;

/** What is wrong with an address, by its first part that is. */
export type AddressFault = 'empty' | 'too-long' | 'user' | 'name' | 'port';

/** Characters: a name of DNS has at most 253. */
export const LONGEST_ADDRESS = 320;

/** `user@host[:port]`, `[IPv6]:port` or an alias. Nothing of what it lets through can become an option or a command of ssh. */
export function parseHostAddress(text: string): HostAddress | { readonly fault: AddressFault } {
  const all = text.trim();
  if (all === '') return { fault: 'empty' };
  if (all.length > LONGEST_ADDRESS) return { fault: 'too-long' };
  // `DOMAIN\mei`, and `mei@contoso.com` of a domain: the last @ is the one before the host.
  const at = all.lastIndexOf('@');
  const user = at < 0 ? undefined : all.slice(0, at);
  if (user !== undefined && !aUser.test(user)) return { fault: 'user' };
  const { six, name = six, port } = aPlace.exec(all.slice(at + 1))?.groups ?? {};
  if (name === undefined) return { fault: 'name' };
  if (port !== undefined && !isPort(port)) return { fault: 'port' };
  return { ...(user === undefined ? {} : { user }), name, ...(port === undefined ? {} : { port: Number(port) }) };
}
const aUser =
  /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*(?:\\[\p{L}\p{N}_][\p{L}\p{N}_.+-]*)?(?:@[\p{L}\p{N}][\p{L}\p{N}_.-]*)?$/u;
const aPlace =
  /^(?:\[(?<six>[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}))(?::(?<port>.*))?$/;
const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536;

/** As it is typed: parsed again it is the same. */
export function textOfAddress({ user, name, port }: HostAddress): string {
  const place = name.includes(':') ? `[${name}]` : name;
  return `${user === undefined ? '' : `${user}@`}${place}${port === undefined ? '' : `:${String(port)}`}`;
}

/** What a test of a host goes through, in this order: it ends at the first that fails. */
export const hostSteps = [
  'ssh-there',
  'name',
  'port',
  'host-key',
  'sign-in',
  'powershell',
  'modules',
  'rights',
] as const;
export type HostStep = (typeof hostSteps)[number];

/** Of the kinds that any failure has: one vocabulary, and the same words (errors/failures.ts). */
export type HostFailure =
  | SshFailure
  | 'antivirus'
  | 'other-machine'
  | 'session-lost'
  | 'timed-out'
  | 'module-missing'
  | 'module-blocked'
  /** The account that signed in controls no VM there. */
  | 'access-denied';

/** The key that a host shows, as `ssh-keygen -l` writes it: `SHA256:` and 43 characters of base64. */
export interface Fingerprint {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`… */
  readonly type: string;
  readonly sha256: string;
}

export interface HostTest {
  /** A step that is neither here nor failed was not reached, or nothing is known of it. */
  readonly passed: readonly HostStep[];
  readonly failed?: {
    readonly step: HostStep;
    readonly failure: HostFailure;
    /** What ssh or the host said, at most 1,000 characters: a stranger's text. */
    readonly detail: string;
  };
  /** Of the key that the host has shown; with `host-key-new` a person has to accept it before anything else is asked. */
  readonly fingerprint?: Fingerprint;
  /** `id`: UUID of Win32_ComputerSystemProduct, in lower case. */
  readonly machine?: { readonly id: string; readonly name: string };
}

/** Of a host that was added. To ask for them accepts nothing. */
export interface HostKeys {
  /** The key that a person has accepted. undefined: it cannot be read any more. */
  readonly accepted?: Fingerprint;
  /** The one that it shows now. */
  readonly shown?: Fingerprint;
  /** Why it has shown none. */
  readonly failure?: HostFailure;
}

/** What is known of a PC: of this one it stands beside that of the others, which are there by their ids. undefined: it is not there. */
export const ofHost = <Known>(
  all: Known & { readonly others: Readonly<Record<string, Known>> },
  host: HostId,
): Known | undefined => (host === thisPc ? all : all.others[textOf(host)]);

/** As settings keep it. Its key stands in a file of its own, by its id. */
export interface KnownHost {
  readonly id: HostId;
  readonly address: string;
  readonly label: string;
  /** The id of the machine that it was when it was added: another one at its address is never taken for it. */
  readonly machine: string;
  /** What it called itself then: some makers give many boards one id. */
  readonly name: string;
  /** It is listed no more: added again, it has the History that it had. */
  readonly isRemoved?: true;
}

export const listed = (hosts: readonly KnownHost[]): readonly KnownHost[] =>
  hosts.filter(({ isRemoved }) => !isRemoved);
