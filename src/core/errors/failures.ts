/**
 * What a failure of our own is called, and what to do next: where the table of errors knows the record, its words, as if it had been
 * pasted; else those of its kind.
 */
import type { Failure, FailureKind } from '../cmdlets/call.js';
import type { Message } from '../../text/index.js';
import { recognise, type TopicMatch } from './recognize.js';

/** As a console shows it: what was pasted and what our own runs met is read in one way. undefined: Windows said nothing. */
export function textOfFailure({ record, cmdlet }: Failure): string | undefined {
  if (!record) return undefined;
  const [name = ''] = (cmdlet ?? '').split('/');
  const { message, category, target, exception, id, hresult } = record;
  return [
    `${name} : ${message}`,
    `    + CategoryInfo          : ${category}: (${target ?? ''}:String) [${name}], ${exception}`,
    `    + FullyQualifiedErrorId : ${id}`,
    ...(hresult === null ? [] : [`    HRESULT: 0x${(hresult >>> 0).toString(16)}`]),
  ].join('\n');
}

/** What it is about, the likeliest first; none: only its kind is known. */
export function causesOf(failure: Failure): readonly TopicMatch[] {
  const found = known.get(failure);
  if (found) return found;
  const text = textOfFailure(failure);
  const causes = text === undefined ? [] : recognise(text);
  known.set(failure, causes);
  return causes;
}
/** A page asks several times for each. */
const known = new WeakMap<Failure, readonly TopicMatch[]>();

export function titleOfFailure(failure: Failure): Message {
  const [first] = causesOf(failure);
  return first?.sure === 'certain' ? first.topic.cause : titles[failure.kind];
}

export function nextOfFailure(failure: Failure): Message {
  const [first, ...others] = causesOf(failure);
  if (first?.sure === 'certain') return first.topic.why;
  if (first === undefined || !isVague.has(failure.kind)) return nexts[failure.kind];
  return others.length === 0 ? first.topic.cause : { key: 'failures.severalNext' };
}

/** Kinds of which the next step depends on the cause. */
const isVague: ReadonlySet<FailureKind> = new Set(['access-denied', 'invalid-argument', 'unexpected']);

const titles: Readonly<Record<FailureKind, Message>> = {
  'not-found': { key: 'failures.notFound' },
  'access-denied': { key: 'failures.accessDenied' },
  'wrong-state': { key: 'failures.wrongState' },
  'not-supported': { key: 'failures.notSupported' },
  'in-use': { key: 'failures.inUse' },
  'no-memory': { key: 'failures.noMemory' },
  'disk-full': { key: 'failures.diskFull' },
  exists: { key: 'failures.exists' },
  'bad-disk': { key: 'failures.badDisk' },
  'invalid-argument': { key: 'failures.invalidArgument' },
  'module-missing': { key: 'failures.moduleMissing' },
  'module-blocked': { key: 'failures.moduleBlocked' },
  'session-lost': { key: 'failures.sessionLost' },
  'connection-taken': { key: 'failures.connectionTaken' },
  'timed-out': { key: 'failures.timedOut' },
  'unknown-outcome': { key: 'failures.unknownOutcome' },
  'not-taken': { key: 'failures.notTaken' },
  cancelled: { key: 'failures.cancelled' },
  'no-credentials': { key: 'failures.noCredentials' },
  'credential-refused': { key: 'failures.credentialRefused' },
  'guest-not-answering': { key: 'failures.guestNotAnswering' },
  'updates-differ': { key: 'failures.updatesDiffer' },
  'not-administrator': { key: 'failures.notAdministrator' },
  'journal-full': { key: 'failures.journalFull' },
  'journal-unwritable': { key: 'failures.journalUnwritable' },
  'guest-answers-wrongly': { key: 'failures.guestAnswersWrongly' },
  'guest-busy': { key: 'failures.guestBusy' },
  antivirus: { key: 'failures.antivirus' },
  'other-machine': { key: 'failures.otherMachine' },
  'ssh-missing': { key: 'failures.sshMissing' },
  'ssh-config': { key: 'failures.sshConfig' },
  'host-name-unknown': { key: 'failures.hostNameUnknown' },
  'host-port-closed': { key: 'failures.hostPortClosed' },
  'host-not-answering': { key: 'failures.hostNotAnswering' },
  'host-not-ssh': { key: 'failures.hostNotSsh' },
  'host-key-new': { key: 'failures.hostKeyNew' },
  'jump-key-unknown': { key: 'failures.jumpKeyUnknown' },
  'jump-key-changed': { key: 'failures.jumpKeyChanged' },
  'host-key-changed': { key: 'failures.hostKeyChanged' },
  'host-key-lost': { key: 'failures.hostKeyLost' },
  'host-sign-in-refused': { key: 'failures.hostSignInRefused' },
  'identity-unreadable': { key: 'failures.identityUnreadable' },
  'ssh-agent-missing': { key: 'failures.sshAgentMissing' },
  'powershell-missing': { key: 'failures.powershellMissing' },
  'powershell-restricted': { key: 'failures.powershellRestricted' },
  unexpected: { key: 'failures.unexpected' },
};

const nexts: Readonly<Record<FailureKind, Message>> = {
  'not-found': { key: 'failures.notFoundNext' },
  'access-denied': { key: 'failures.accessDeniedNext' },
  'wrong-state': { key: 'failures.wrongStateNext' },
  'not-supported': { key: 'failures.notSupportedNext' },
  'in-use': { key: 'failures.inUseNext' },
  'no-memory': { key: 'failures.noMemoryNext' },
  'disk-full': { key: 'failures.diskFullNext' },
  exists: { key: 'failures.existsNext' },
  'bad-disk': { key: 'failures.badDiskNext' },
  'invalid-argument': { key: 'failures.invalidArgumentNext' },
  'module-missing': { key: 'failures.moduleMissingNext' },
  'module-blocked': { key: 'failures.moduleBlockedNext' },
  'session-lost': { key: 'failures.sessionLostNext' },
  'connection-taken': { key: 'failures.connectionTakenNext' },
  'timed-out': { key: 'failures.timedOutNext' },
  'unknown-outcome': { key: 'failures.unknownOutcomeNext' },
  'not-taken': { key: 'failures.notTakenNext' },
  cancelled: { key: 'failures.cancelledNext' },
  'no-credentials': { key: 'failures.noCredentialsNext' },
  'credential-refused': { key: 'failures.credentialRefusedNext' },
  'guest-not-answering': { key: 'failures.guestNotAnsweringNext' },
  'updates-differ': { key: 'failures.updatesDifferNext' },
  'not-administrator': { key: 'failures.notAdministratorNext' },
  'journal-full': { key: 'failures.journalFullNext' },
  'journal-unwritable': { key: 'failures.journalUnwritableNext' },
  'guest-answers-wrongly': { key: 'failures.guestAnswersWronglyNext' },
  'guest-busy': { key: 'failures.guestBusyNext' },
  antivirus: { key: 'failures.antivirusNext' },
  'other-machine': { key: 'failures.otherMachineNext' },
  'ssh-missing': { key: 'failures.sshMissingNext' },
  'ssh-config': { key: 'failures.sshConfigNext' },
  'host-name-unknown': { key: 'failures.hostNameUnknownNext' },
  'host-port-closed': { key: 'failures.hostPortClosedNext' },
  'host-not-answering': { key: 'failures.hostNotAnsweringNext' },
  'host-not-ssh': { key: 'failures.hostNotSshNext' },
  'host-key-new': { key: 'failures.hostKeyNewNext' },
  'jump-key-unknown': { key: 'failures.jumpKeyUnknownNext' },
  'jump-key-changed': { key: 'failures.jumpKeyChangedNext' },
  'host-key-changed': { key: 'failures.hostKeyChangedNext' },
  'host-key-lost': { key: 'failures.hostKeyLostNext' },
  'host-sign-in-refused': { key: 'failures.hostSignInRefusedNext' },
  'identity-unreadable': { key: 'failures.identityUnreadableNext' },
  'ssh-agent-missing': { key: 'failures.sshAgentMissingNext' },
  'powershell-missing': { key: 'failures.powershellMissingNext' },
  'powershell-restricted': { key: 'failures.powershellRestrictedNext' },
  unexpected: { key: 'failures.unexpectedNext' },
};
