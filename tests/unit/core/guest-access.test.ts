/** Windows gives one answer for several causes: what else is known tells them apart, and nothing is claimed beyond it. */
import { describe, expect, it } from 'vitest';
import type { ErrorRecord, FailureKind } from '../../../src/core/cmdlets/call.js';
import { failureKindOf } from '../../../src/core/cmdlets/failure.js';
import { refusalOf, type GuestRefusal } from '../../../src/core/machine/guest-access.js';
import { vmOf } from './worlds.js';

const running = vmOf(1, { state: 'Running', heartbeat: 'OkApplicationsHealthy' });
const local = { userName: 'dev', isBlank: false };

describe('an account that was refused', () => {
  it.each<[string, boolean, GuestRefusal]>([
    ['dev', false, 'wrong-password'],
    ['lab\\dev', false, 'wrong-password'],
    ['dev', true, 'blank-password'],
    ['mei@outlook.com', false, 'microsoft-account'],
    ['MicrosoftAccount\\mei@outlook.com', false, 'microsoft-account'],
    ['AzureAD\\mei', false, 'entra-account'],
    ['azuread\\mei', true, 'blank-password'],
  ])('%s, blank %s: %s', (userName, isBlank, why) => {
    expect(refusalOf({ kind: 'credential-refused' }, { userName, isBlank }, running)).toBe(why);
  });
});

describe('a machine that does not answer', () => {
  it.each<[Partial<typeof running>, GuestRefusal]>([
    [{ state: 'Off' }, 'not-running'],
    [{ heartbeat: 'NoContact' }, 'not-booted'],
    [{ heartbeat: null }, 'not-booted'],
    [{ heartbeat: 'OkApplicationsUnknown' }, 'not-windows'],
    [{ heartbeat: 'OkApplicationsHealthy' }, 'service-off'],
  ])('%o: %s', (but, why) => {
    expect(refusalOf({ kind: 'guest-not-answering' }, local, { ...running, ...but })).toBe(why);
  });

  it.each<[FailureKind, GuestRefusal]>([
    ['wrong-state', 'not-running'],
    ['not-administrator', 'not-administrator'],
    ['updates-differ', 'updates-differ'],
    ['session-lost', 'session-lost'],
    ['guest-answers-wrongly', 'answers-wrongly'],
    ['guest-busy', 'busy'],
    ['module-blocked', 'unexpected'],
  ])('for %s says %s', (kind, why) => expect(refusalOf({ kind }, local, running)).toBe(why));
});

describe('what PowerShell Direct says', () => {
  const record = (id: string, exception: string): ErrorRecord => ({
    id,
    category: 'OpenError',
    target: null,
    exception,
    hresult: null,
    message: '凭据无效。',
  });
  const remoting = 'System.Management.Automation.Remoting.';
  it.each<[string, string, FailureKind]>([
    ['PSSessionOpenFailed', `${remoting}PSDirectException`, 'credential-refused'],
    ['PSSessionStateBroken', `${remoting}PSRemotingDataStructureException`, 'guest-not-answering'],
    ['InvalidVMState,Microsoft.PowerShell.Commands.NewPSSessionCommand', 'System.ArgumentException', 'wrong-state'],
    ['InvalidVMIdNotSingle,Microsoft.PowerShell.Commands.NewPSSessionCommand', 'System.ArgumentException', 'not-found'],
    ['Bridge.NotAdministrator', 'System.InvalidOperationException', 'not-administrator'],
  ])('is told by its id and its exception, never by its text: %s', (id, exception, kind) => {
    expect(failureKindOf(record(id, exception))).toBe(kind);
  });
});
