/**
 * What is set for each ssh, whatever the person's own config says: what runs, forwards, asks or shares something. What is the person's own stays: what
 * an alias means, keys, agents, the way through jump hosts and proxies, algorithms.
 */
import { KEY_ALIAS } from '../core/machine/ssh-said.js';

/** `[9, 5]` */
export type Version = readonly [major: number, minor: number];

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
  // The file is of one host: whatever its address is called, it is the same key. NoHostAuthenticationForLocalhost counts no more with it.
  HostKeyAlias: KEY_ALIAS,
  // It would stand among the errors of a test.
  VisualHostKey: 'no',
  // The first that is set counts, and it keeps the person's own: what SendEnv sends can only be of our environment.
  SetEnv: 'HYPERNEST=1',
} as const;

/**
 * By the version that brought them: an older client refuses what it does not know, and has it in no config either. IgnoreUnknown would take the place
 * of the person's own, who then could not use ssh at all.
 */
const newer: readonly (readonly [Version, Readonly<Record<string, string>>])[] = [
  [[8, 5], { KnownHostsCommand: 'none', LogVerbose: 'none' }],
  [[8, 7], { SessionType: 'default', StdinNull: 'no', ForkAfterAuthentication: 'no' }],
];

const isAtLeast = ([major, minor]: Version, [since, from]: Version): boolean =>
  major > since || (major === since && minor >= from);

/** `version`: undefined, an old client. */
export const optionsOf = (version: Version | undefined): Readonly<Record<string, string>> =>
  newer.reduce<Readonly<Record<string, string>>>(
    (all, [since, options]) => (version && isAtLeast(version, since) ? { ...all, ...options } : all),
    always,
  );

/** In what `ssh -V` says: `OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2`. */
export function versionIn(said = ''): Version | undefined {
  const [, major, minor] = /^OpenSSH_(?:[A-Za-z_]+_)?(\d+)\.(\d+)/m.exec(said) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}
