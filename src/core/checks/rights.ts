/** Who may see and change VMs, and whether PowerShell and its module are there. */
import { awaitsRestart, hasRight, isRefused, joinedInVain, refusalOf } from '../machine/access.js';
import type { Identity } from '../cmdlets/call.js';
import { rootOf, thisPc } from '../cmdlets/ref.js';
import type { HostFacts, Machine } from '../machine/machine.js';
import { facts, say, type Check } from './check.js';
import { inVain } from '../machine/tried.js';
import { enableFix, nextCauses, restartFix } from './host-fixes.js';

export function rightsChecks(machine: Machine): readonly Check[] {
  const { host, vms } = machine;
  const isHere = rootOf(machine.at) === thisPc;
  return [
    isRefused(machine) && host.identity && hasRight(host.identity)
      ? refused(host, host.identity, isHere)
      : rights(host, vms === undefined, isHere),
    // Nothing asks where SSH signs in.
    ...(isHere ? protection(host.identity) : []),
    ...module(host),
    ...languageMode(host.languageMode),
  ];
}

/** A right that was taken away while the session lasts, or a policy. */
function refused(host: HostFacts, { account, inToken, isElevated }: Identity, isHere: boolean): Check {
  return {
    id: 'rights',
    ...say('blocker', isHere ? 'checks.rightsRefused' : 'checks.rightsRefusedThere', { account }),
    evidence: [
      { source: 'Account', value: account },
      { source: 'S-1-5-32-578 in the token', value: inToken },
      { source: 'Elevated', value: isElevated },
      ...facts('Get-VMHost', refusalOf(host)?.record?.message),
    ],
    ...(isHere && signOutFix),
  };
}

const signOutFix = {
  fix: { kind: 'act', act: 'sign-out' },
  fixLabel: { key: 'checks.fixSignOut' },
} as const;

/** `isHere`: it is this PC, where a person signs in by themselves, and not through SSH. */
function rights(host: HostFacts, isBlind: boolean, isHere: boolean): Check {
  const { identity } = host;
  if (!identity)
    return {
      id: 'rights',
      ...say('unknown', 'checks.rightsUnknown'),
      evidence: [{ source: 'WindowsIdentity', value: null }],
    };
  const params = { account: identity.account };
  const evidence = [
    { source: 'Account', value: identity.account },
    { source: 'S-1-5-32-578 in the token', value: identity.inToken },
    { source: 'Member of S-1-5-32-578', value: identity.isMember },
    { source: 'Elevated', value: identity.isElevated },
  ];
  const base = { id: 'rights', evidence } as const;
  if (identity.inToken) return { ...base, ...say('ok', 'checks.rightsGroup', params) };
  if (identity.isElevated)
    return { ...base, ...say('ok', isHere ? 'checks.rightsElevated' : 'checks.rightsThere', params) };
  if (identity.isMember === true)
    return isHere
      ? { ...base, ...say('blocker', 'checks.rightsSignOut', params), ...signOutFix }
      : { ...base, ...say('blocker', 'checks.rightsBefore', params) };
  const none = { ...base, verdict: 'blocker', title: { key: 'checks.rightsNone' } } as const;
  const tried = joinedInVain(host);
  if (tried) return { ...none, ...nextCauses['join-group'](tried) };
  return {
    ...none,
    why: isBlind ? { key: 'checks.rightsNoneWhy', params } : { key: 'checks.rightsNoneSeenWhy', params },
    fix: { kind: 'act', act: 'join-group' },
    fixLabel: { key: 'checks.fixJoinGroup' },
  };
}

/** Named where it is on: it changes who an elevated shell runs as, and nothing of what works. Without it there is nothing to say. */
function protection(identity: Machine['host']['identity']): readonly Check[] {
  const mode = identity?.approvalMode;
  const base = { id: 'administrator-protection', evidence: facts('TypeOfAdminApprovalMode', mode) } as const;
  if (!identity || mode === null) return [{ ...base, ...say('unknown', 'checks.protectionUnread') }];
  if (mode !== administratorProtection) return [];
  return [{ ...base, ...say('ok', 'checks.protection') }];
}
const administratorProtection = 2;

function module(host: Machine['host']): readonly Check[] {
  const state = host.modules['Hyper-V'];
  const base = { id: 'module', evidence: facts('Import-Module Hyper-V', state) } as const;
  if (state === undefined) return [{ ...base, ...say('unknown', 'checks.moduleUnread') }];
  switch (state) {
    case 'loaded':
      return [{ ...base, ...say('ok', 'checks.moduleLoaded') }];
    case 'blocked':
      return [{ ...base, ...say('blocker', 'checks.moduleBlocked') }];
    case 'missing':
      return [
        {
          ...base,
          ...say('blocker', 'checks.moduleMissing'),
          // It comes with the role: its restart is still to come, or what to try next stands there.
          ...(awaitsRestart(host) ? restartFix : inVain(host, 'enable-hyper-v') ? {} : enableFix),
        },
      ];
  }
}

/** FullLanguage needs no line of its own: everything else that could be read rests on it. */
function languageMode(mode: string | undefined): readonly Check[] {
  if (mode === 'FullLanguage') return [];
  const evidence = facts('$ExecutionContext.SessionState.LanguageMode', mode);
  const base = { id: 'language-mode', evidence } as const;
  return mode === undefined
    ? [{ ...base, ...say('unknown', 'checks.languageModeUnread') }]
    : [{ ...base, ...say('blocker', 'checks.languageMode', { mode }) }];
}
