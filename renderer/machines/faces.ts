/** A standing as a sentence: what is so, and why. */
import type { Verdict } from '../../src/core/checks/check.js';
import { systemOf } from '../../src/core/checks/purposes.js';
import { whyUnknown } from '../../src/core/checks/vm.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Translator } from '../../src/text/index.js';
import type { Standing } from '../state/standing.js';
import { stateKey } from '../../src/core/machine/state-words.js';
import type { IconName } from '../ui/icons.js';

interface Face {
  readonly tone: Verdict | 'ember';
  readonly icon: IconName;
  readonly kicker: string;
  readonly sentence: string;
  readonly why: string;
}

export function faceOf(t: Translator, vm: Vm, standing: Standing, pc: string): Face {
  const { name } = vm;
  const as = (tone: Verdict, kicker: string, sentence: string, why: string): Face => ({
    tone,
    icon: tone,
    kicker,
    sentence,
    why,
  });
  switch (standing.kind) {
    case 'ready':
      return as('ok', t('machines.readyKicker'), t('machines.canRun', { name }), t('machines.readyWhy', { name }));
    case 'ready-running':
      return as(
        'ok',
        t('machines.readyKicker'),
        t('machines.canRun', { name }),
        t('machines.readyRunningWhy', { name }),
      );
    case 'saved':
      return as('warning', t('machines.savedKicker'), t('machines.savedSentence', { name }), t('machines.savedWhy'));
    case 'paused':
      return as('warning', t('machines.savedKicker'), t('machines.pausedSentence', { name }), t('machines.pausedWhy'));
    case 'blocked':
      return as(
        'blocker',
        t('machines.blockedKicker', { count: standing.by.length }),
        t('machines.blockedSentence', { name }),
        standing.by
          .map(({ title }) => t.message(title))
          .reduce((first, second) => t('machines.blockedWhy', { first, second })),
      );
    case 'host-blocked':
      return as(
        'blocker',
        t('machines.blockedKicker', { count: 1 }),
        t('machines.blockedSentence', { name }),
        t('machines.blockedByHost', { pc }),
      );
    case 'moving':
      return as(
        'unknown',
        t('machines.movingKicker'),
        t('machines.movingSentence', { name }),
        t('machines.movingWhy', { state: t(stateKey(vm.state)) }),
      );
    case 'unread':
      return as(
        'unknown',
        t('machines.unknownKicker'),
        t('machines.unknownSentence', { name }),
        typeof vm.problem === 'string'
          ? `${t('machines.unknownWhy', { count: standing.count })} ${t('machines.unknownProblem', { problem: vm.problem })}`
          : t('machines.unknownWhy', { count: standing.count }),
      );
    case 'inside': {
      const memory = vm.memory.assigned;
      return {
        tone: 'ember',
        icon: 'nest-inside',
        kicker: t(standing.isCertain ? 'machines.insideKicker' : 'machines.insideProbably'),
        sentence: memory === undefined || memory === 0 ? t('machines.frozenPlain') : t('machines.frozenAt', { memory }),
        why: t(vm.memory.dynamic ? 'machines.frozenDynamic' : 'machines.frozenStatic', { name }),
      };
    }
    case 'on':
      switch (standing.while) {
        case 'off':
          return {
            ...as('ok', t('machines.onKicker'), t('machines.onOffSentence', { name }), t('machines.onOffWhy')),
            icon: 'nest-on',
          };
        case 'running':
          return {
            ...as('ok', t('machines.onKicker'), ...onRunning(t, vm)),
            icon: 'nest-on',
          };
        case 'still':
          return as(
            'unknown',
            t('machines.onKicker'),
            t('machines.onUnknownSentence', { name }),
            t('machines.onSavedWhy'),
          );
        case 'unread':
          return as(
            'unknown',
            t('machines.onKicker'),
            t('machines.onUnknownSentence', { name }),
            t(whyUnknown(vm.insideEvidence.kind)),
          );
      }
  }
}

/** Nothing of what is set up from here exists in a guest that is probably not Windows. */
export const isProbablyNotWindows = (vm: Vm): boolean => systemOf(vm)?.isWindows === false;

/** Counters that stand still only suggest that no hypervisor runs. */
function onRunning(t: Translator, vm: Vm): [sentence: string, why: string] {
  const none = t(vm.insideEvidence.kind === 'inside' ? 'machines.onRunningNone' : 'machines.onRunningProbablyNone');
  const { name } = vm;
  return isProbablyNotWindows(vm)
    ? [
        t('machines.onRunningPlainSentence', { name }),
        `${none}${t('wizard.between')}${t('machines.onRunningPlainNext')}`,
      ]
    : [t('machines.onRunningSentence', { name }), `${none}${t('wizard.between')}${t('machines.onRunningNext')}`];
}
