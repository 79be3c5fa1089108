/** Why a guest was not entered, in words: what is so, why, and for an account the causes that Windows does not tell apart. */
import type { GuestRefusal } from '../../src/core/machine/guest-access.js';
import type { Message } from '../../src/text/index.js';

/** What was typed, as far as it is remembered: never the password. */
export interface Sent {
  readonly userName: string;
  readonly isBlank: boolean;
}

export interface Refusal {
  readonly title: Message;
  readonly why: Message;
  /** What can be typed inside to mend or to check it. */
  readonly commands?: readonly string[];
}

export function refusalWords(why: GuestRefusal, name: string, sent: Sent | undefined): Refusal {
  const params = { name };
  switch (why) {
    case 'blank-password':
      return { title: { key: 'inside.refusedBlank' }, why: { key: 'inside.refusedBlankWhy' } };
    case 'wrong-password':
    case 'microsoft-account':
    case 'entra-account':
      return {
        title: { key: 'inside.refusedAccount', params },
        why: {
          key:
            sent && causesOf(why, name, sent).some(({ isLikely }) => isLikely)
              ? 'inside.refusedAccountLikely'
              : 'inside.refusedAccountWhy',
        },
      };
    case 'not-administrator':
      return {
        title: { key: 'inside.notAdministrator', params },
        why: { key: 'inside.notAdministratorWhy' },
      };
    case 'not-running':
      return { title: { key: 'inside.notRunning', params }, why: { key: 'inside.notRunningWhy' } };
    case 'not-booted':
      return { title: { key: 'inside.notBooted', params }, why: { key: 'inside.notBootedWhy' } };
    case 'not-windows':
      return {
        title: { key: 'inside.notWindows', params },
        why: { key: 'inside.notWindowsWhy', params },
        commands: linuxCommands,
      };
    case 'service-off':
      return {
        title: { key: 'inside.serviceOff', params },
        why: { key: 'inside.serviceOffWhy', params },
        commands: ['Start-Service -Name vmicvmsession'],
      };
    case 'updates-differ':
      return { title: { key: 'inside.updatesDiffer', params }, why: { key: 'inside.updatesDifferWhy' } };
    case 'session-lost':
      return { title: { key: 'inside.sessionLost', params }, why: { key: 'inside.sessionLostWhy' } };
    case 'answers-wrongly':
      return { title: { key: 'inside.wrongAnswers', params }, why: { key: 'inside.wrongAnswersWhy' } };
    case 'busy':
      return { title: { key: 'inside.busy', params }, why: { key: 'inside.busyWhy' } };
    case 'unexpected':
      return { title: { key: 'inside.unexpected', params }, why: { key: 'inside.unexpectedWhy' } };
  }
}

/** Whether KVM can be used: the device, then in words. */
export const linuxCommands: readonly string[] = ['ls /dev/kvm', 'kvm-ok'];

export interface Cause {
  readonly id: 'wrong' | 'microsoft' | 'entra';
  readonly title: Message;
  readonly why: Message;
  /** What was typed points to it. */
  readonly isLikely: boolean;
  /** The name as Windows wants it. */
  readonly write?: string;
}

const accountRefusals: readonly GuestRefusal[] = ['wrong-password', 'microsoft-account', 'entra-account'];
const isAccountRefusal = (why: GuestRefusal): boolean => accountRefusals.includes(why);

/** The causes of "The credential is invalid.", those that fit what was typed first. A blank password is not sent at all. */
export function causesOf(why: GuestRefusal, name: string, sent: Sent | undefined): readonly Cause[] {
  if (!isAccountRefusal(why)) return [];
  const userName = sent?.userName ?? '';
  const isMail = userName.includes('@') && !userName.includes('\\');
  const causes: readonly Cause[] = [
    {
      id: 'microsoft',
      title: { key: 'inside.causeMicrosoft' },
      why: isMail
        ? { key: 'inside.causeMicrosoftWrite', params: { account: withMicrosoft(userName) } }
        : { key: 'inside.causeMicrosoftWhy' },
      isLikely: why === 'microsoft-account' || isMail,
      ...(isMail ? { write: withMicrosoft(userName) } : {}),
    },
    {
      id: 'entra',
      title: { key: 'inside.causeEntra' },
      why: { key: 'inside.causeEntraWhy' },
      isLikely: why === 'entra-account',
    },
    {
      id: 'wrong',
      title: { key: 'inside.causeWrong' },
      why: { key: 'inside.causeWrongWhy', params: { name } },
      isLikely: why === 'wrong-password' && !isMail,
    },
  ];
  return causes.toSorted((a, b) => Number(b.isLikely) - Number(a.isLikely));
}

const withMicrosoft = (mail: string): string => `MicrosoftAccount\\${mail}`;
