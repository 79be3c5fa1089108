/**
 * How far ssh came, by how it ended and what it says on its error stream at LogLevel ERROR. OpenSSH's own words are in English everywhere;
 * what follows a colon may be the system's, in its language, and decides nothing but a refused port. Once somebody is signed in, the host
 * can write these texts too: it then lies about itself, and is stopped for it.
 */
import type { Failure, ShellEnd } from '../cmdlets/call.js';
import type { HostFailure, HostStep } from './hosts.js';

/** What every host is called in the file of its key. */
export const KEY_ALIAS = 'hypernest';

export interface SshEnd {
  readonly step: HostStep;
  readonly failure: HostFailure;
}

/** ssh's own exit code; every other one is that of the command over there. */
const OWN = '255';
/** Exit codes of the shells of Unix and of cmd.exe for a program that they do not find. */
const notFound = new Set(['127', '9009']);
/** What shells say that end with 1 all the same: cmd.exe, PowerShell (its id of the error, in any language), shells of Unix. */
const saidNotFound =
  /powershell(?:\.exe)?['"’]? is not recognized|\(powershell(?:\.exe)?:String\) \[\], ?CommandNotFoundException|powershell(?:\.exe)?: (?:command )?not found/i;

/** Why a session with a host did not come up. */
export function sshEndOf({ kind, shell }: Failure): SshEnd {
  if (kind === 'antivirus') return { step: 'powershell', failure: kind };
  if (shell?.how === 'not-started') return { step: 'ssh-there', failure: 'ssh-missing' };
  const end: ShellEnd = shell ?? { how: 'killed' };
  const { how, code = '', said = '' } = end;
  if (how === 'failed' && code === OWN) return saidBySsh(said);
  if (how === 'failed' && (notFound.has(code) || saidNotFound.test(said.replaceAll(/\s+/g, ' '))))
    return { step: 'powershell', failure: 'powershell-missing' };
  const isLate = how === 'said-nothing' || how === 'only-errors' || how === 'not-understood' || how === 'hung';
  return { step: 'powershell', failure: isLate ? 'timed-out' : 'session-lost' };
}

/** The first that fits: the way of a jump host writes its own lines before ours. */
const saidBySsh = (said: string): SshEnd => texts.find(([text]) => text.test(said))?.[1] ?? notAnswering;

const notAnswering: SshEnd = { step: 'port', failure: 'host-not-answering' };

const texts: readonly (readonly [RegExp, SshEnd])[] = [
  // The file of its key is the person's own: nothing that is done to the host here mends it.
  [
    new RegExp(String.raw`host key for (?!${KEY_ALIAS} )\S+ (?:has changed|is marked as revoked)`, 'i'),
    { step: 'name', failure: 'jump-key-changed' },
  ],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|has changed and you have requested strict checking|REVOKED HOST KEY|has been revoked/,
    { step: 'host-key', failure: 'host-key-changed' },
  ],
  [new RegExp(`host key is known for ${KEY_ALIAS} and you have`), { step: 'host-key', failure: 'host-key-new' }],
  // Only a host on the way has another name, or a key that ssh would ask about.
  [/host key is known for |Host key verification failed/, { step: 'name', failure: 'jump-key-unknown' }],
  [
    /Bad configuration option|Bad owner or permissions on|bad configuration options|no argument after keyword|Cannot execute command-line and remote command/,
    { step: 'ssh-there', failure: 'ssh-config' },
  ],
  [/Could not resolve hostname/, { step: 'name', failure: 'host-name-unknown' }],
  [/connect to (?:host|address) .+: Connection refused/, { step: 'port', failure: 'host-port-closed' }],
  [/connect to (?:host|address) |timed out|Timeout, server/, notAnswering],
  // It goes on with other keys, and may be let in with one of them.
  [
    /^Load key "[^]*(?:Permission denied \(|Too many authentication failures)/m,
    { step: 'sign-in', failure: 'identity-unreadable' },
  ],
  [
    /Permission denied \(|Permission denied, please try again|Too many authentication failures|Authentication failed|No supported authentication methods/,
    { step: 'sign-in', failure: 'host-sign-in-refused' },
  ],
  [
    /exchange_identification|Bad remote protocol version|Unable to negotiate|banner|Connection (?:closed|reset)/,
    { step: 'port', failure: 'host-not-ssh' },
  ],
];

/** What ssh says at LogLevel DEBUG1 once a step has passed. What of it is the host's own words is never at the beginning of a line. */
const passing: readonly (readonly [RegExp, HostStep])[] = [
  [/^debug1: Connecting to /, 'name'],
  [/^debug1: Remote protocol version /, 'port'],
  [/^debug1: Host '.*' is known and matches /, 'host-key'],
  [/^Authenticated to /, 'sign-in'],
];
/** What it says besides, and what is neither an error nor from over there. */
const besides =
  /^(?:debug1: |OpenSSH_|Warning: Permanently added |Authenticated to |Transferred: |Bytes per second: |\*\* )/;

/**
 * For the lines of ssh at LogLevel DEBUG1, one after the other: tells each step as it has passed, and answers whether the line is an error, as at LogLevel
 * ERROR. What a host says before the sign-in, its banner, is none.
 */
export function aloud(heard: (step: HostStep) => void): (line: string) => boolean {
  let isBanner = false;
  const told = new Set<HostStep>();
  const tell = (step: HostStep): void => {
    if (!told.has(step)) heard(step);
    told.add(step);
  };
  return (line) => {
    if (line.startsWith('debug1: ')) {
      isBanner = line.startsWith('debug1: SSH2_MSG_SERVICE_ACCEPT ');
      tell('ssh-there');
    }
    if (isBanner) return false;
    for (const [text, step] of passing) if (text.test(line)) tell(step);
    return !besides.test(line);
  };
}
