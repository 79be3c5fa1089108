/** Why a guest could not be entered. Windows gives one answer for several causes (domain §5): what else is known tells them apart. */
import type { Failure } from '../cmdlets/call.js';
import type { Vm } from './machine.js';

export const guestRefusals = [
  'wrong-password',
  'blank-password',
  'microsoft-account',
  'entra-account',
  'not-administrator',
  'not-running',
  'not-booted',
  'not-windows',
  'service-off',
  'updates-differ',
  'session-lost',
  'answers-wrongly',
  'busy',
  'unexpected',
] as const;
export type GuestRefusal = (typeof guestRefusals)[number];

/** The form that was sent: the name, and whether there was a password at all. */
export interface AccountForm {
  readonly userName: string;
  readonly isBlank: boolean;
}

/** The likeliest cause. `vm`: as the machine around it sees it. */
export function refusalOf(failure: Failure, form: AccountForm, vm: Vm | undefined): GuestRefusal {
  switch (failure.kind) {
    case 'credential-refused':
    case 'no-credentials':
      return accountRefusal(form);
    case 'not-administrator':
    case 'updates-differ':
    case 'session-lost':
      return failure.kind;
    case 'guest-answers-wrongly':
      return 'answers-wrongly';
    case 'guest-busy':
      return 'busy';
    case 'wrong-state':
      return 'not-running';
    case 'guest-not-answering':
    case 'timed-out':
      return silenceOf(vm);
    default:
      return 'unexpected';
  }
}

/** By how the name is written: a PIN, a passkey or an account of a directory has no password that could be sent. */
function accountRefusal({ userName, isBlank }: AccountForm): GuestRefusal {
  if (isBlank) return 'blank-password';
  if (/^azuread\\/i.test(userName)) return 'entra-account';
  if (/^microsoftaccount\\/i.test(userName)) return 'microsoft-account';
  return userName.includes('@') ? 'microsoft-account' : 'wrong-password';
}

/**
 * Nobody answered. The heartbeat of a Windows guest says how its applications are; that of another system only that it is
 * there (facts: OkApplicationsUnknown).
 */
function silenceOf(vm: Vm | undefined): GuestRefusal {
  const { heartbeat, state } = vm ?? {};
  if (state !== undefined && state !== 'Running') return 'not-running';
  if (heartbeat === 'OkApplicationsUnknown') return 'not-windows';
  if (heartbeat === 'OkApplicationsHealthy' || heartbeat === 'OkApplicationsCritical') return 'service-off';
  return 'not-booted';
}
