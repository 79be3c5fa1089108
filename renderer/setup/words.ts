/** What the steps of a machine say. */
import type { Verdict } from '../../src/core/checks/check.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { purposeRow, rolesFor, type Purpose } from '../../src/core/checks/purposes.js';
import type { SetupStep } from '../../src/core/change/setup.js';
import { roleWords } from '../../src/core/machine/roles.js';
import { joined, type Translator } from '../../src/text/index.js';

export function verdictOfStep({ state }: SetupStep): Verdict {
  switch (state) {
    case 'done':
    case 'not-needed':
      return 'ok';
    case 'open':
      return 'advice';
    case 'blocked':
      return 'blocker';
    case 'unknown':
      return 'unknown';
  }
}

export function titleOfStep(t: Translator, { id }: SetupStep, { name }: Vm): string {
  switch (id) {
    case 'memory':
      return t('setup.memoryTitle', { name });
    case 'inside':
      return t('setup.insideTitle', { name });
    case 'network':
      return t('setup.networkTitle', { name });
    default:
      return t('setup.nestingTitle', { name });
  }
}

/** One command in the guest does it, and nobody has looked into it. */
export const isShort = (purpose: Purpose, because: SetupStep['because']['key']): boolean =>
  purposeRow(purpose).hasShortWay === true && (because === 'setup.insideSignIn' || because === 'setup.insideStart');

export function leadOfStep(t: Translator, { id, state, because }: SetupStep, { name }: Vm, purpose: Purpose): string {
  const isDone = state === 'done';
  switch (id) {
    case 'memory':
      return t(isDone ? 'setup.memoryDone' : 'setup.memoryLead');
    case 'inside': {
      const words = rolesFor(purpose).map((role) => t.message(roleWords(role)));
      const params = { name, roles: joined(words, t('activity.pieces')) };
      if (because.key === 'setup.insideSeen') return t('setup.insideSeenLead');
      if (isShort(purpose, because.key)) return t('setup.insideLeadShort');
      return isDone ? t('setup.insideDone', params) : t('setup.insideLead', params);
    }
    case 'network':
      return t(isDone ? 'setup.networkDone' : 'setup.networkLead', { name });
    default:
      return t(isDone ? 'setup.nestingDone' : 'setup.nestingLead', { name });
  }
}

/** Below the sentence of the step, where no check says more. */
export function whyOfStep(t: Translator, { id, because, state }: SetupStep, user: string | null): string {
  if (id === 'network') {
    if (state === 'done') return t('setup.networkDoneWhy');
    if (state === 'unknown') return '';
    return t(because.key === 'setup.networkAfter' ? 'setup.networkAfterWhy' : 'setup.networkOpenWhy');
  }
  if (id !== 'inside') return '';
  switch (because.key) {
    case 'setup.insideOn':
      return t('setup.insideOnWhy', { user: user ?? '' });
    case 'setup.insideSeen':
      return t('setup.insideSeenWhy');
    case 'setup.insidePending':
      return t('setup.insidePendingWhy');
    case 'setup.insideUnread':
      return t('setup.insideUnreadWhy');
    case 'setup.insideStart':
      return t('setup.insideStartWhy');
    case 'setup.insideSignIn':
      return t('setup.insideSignInWhy');
    case 'setup.insideOff':
      return t('setup.insideOffWhy');
    default:
      return '';
  }
}
