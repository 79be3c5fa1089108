/** A standing as a sentence: what is so, and why. */
import type { Check, Verdict } from '../../src/core/checks/check.js';
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

/** VMs inside it that have no network. */
export const aloneIn = (checks: readonly Check[]): Check | undefined =>
  checks.find(({ id }) => id === 'nested-network');

type Said = readonly [tone: Verdict, kicker: string, sentence: string, why: string];

/** `checks`: of the VM. Nested VMs without a network are said before that memory is locked, which is as it should be. */
export function faceOf(t: Translator, vm: Vm, standing: Standing, pc: string, checks: readonly Check[] = []): Face {
  if (standing.kind === 'inside') {
    const frozen = frozenFace(t, vm, standing.isCertain);
    const alone = aloneIn(checks);
    if (!alone) return frozen;
    const sentence = t('machines.aloneSentence', { what: t.message(alone.title) });
    const why = `${frozen.sentence}${t('wizard.between')}${frozen.why}`;
    return { ...frozen, tone: 'warning', icon: 'warning', sentence, why };
  }
  const [tone, kicker, sentence, why] = said(t, vm, standing, pc);
  const isKnownOn = standing.kind === 'on' && tone === 'ok';
  return { tone, icon: isKnownOn ? 'nest-on' : tone, kicker, sentence, why };
}

function said(t: Translator, vm: Vm, standing: Exclude<Standing, { kind: 'inside' }>, pc: string): Said {
  const { name } = vm;
  switch (standing.kind) {
    case 'ready':
      return ['ok', t('machines.readyKicker'), t('machines.canRun', { name }), t('machines.readyWhy', { name })];
    case 'ready-running':
      return ['ok', t('machines.readyKicker'), t('machines.canRun', { name }), t('machines.readyRunningWhy', { name })];
    case 'saved':
      return ['warning', t('machines.savedKicker'), t('machines.savedSentence', { name }), t('machines.savedWhy')];
    case 'paused':
      return ['warning', t('machines.savedKicker'), t('machines.pausedSentence', { name }), t('machines.pausedWhy')];
    case 'blocked':
      return blocked(t, name, standing.by.length, whatBlocks(t, standing.by));
    case 'host-blocked':
      return blocked(t, name, 1, t('machines.blockedByHost', { pc }));
    case 'moving': {
      const why = t('machines.movingWhy', { state: t(stateKey(vm.state)) });
      return ['unknown', t('machines.movingKicker'), t('machines.movingSentence', { name }), why];
    }
    case 'unread': {
      const why = whyUnread(t, vm, standing.count);
      return ['unknown', t('machines.unknownKicker'), t('machines.unknownSentence', { name }), why];
    }
    case 'on':
      return onWhile(t, vm, standing.while);
  }
}

const blocked = (t: Translator, name: string, count: number, why: string): Said => [
  'blocker',
  t('machines.blockedKicker', { count }),
  t('machines.blockedSentence', { name }),
  why,
];

const whatBlocks = (t: Translator, by: readonly Check[]): string =>
  by.map(({ title }) => t.message(title)).reduce((first, second) => t('machines.blockedWhy', { first, second }));

const whyUnread = (t: Translator, { problem }: Vm, count: number): string =>
  [
    t('machines.unknownWhy', { count }),
    ...(typeof problem === 'string' ? [t('machines.unknownProblem', { problem })] : []),
  ].join(' ');

/** A hypervisor runs inside: its memory stands still. */
function frozenFace(t: Translator, { name, memory: { assigned, dynamic } }: Vm, isCertain: boolean): Face {
  return {
    tone: 'ember',
    icon: 'nest-inside',
    kicker: t(isCertain ? 'machines.insideKicker' : 'machines.insideProbably'),
    sentence:
      assigned === undefined || assigned === 0
        ? t('machines.frozenPlain')
        : t('machines.frozenAt', { memory: assigned }),
    why: t(dynamic ? 'machines.frozenDynamic' : 'machines.frozenStatic', { name }),
  };
}

function onWhile(t: Translator, vm: Vm, state: Extract<Standing, { kind: 'on' }>['while']): Said {
  const { name } = vm;
  const kicker = t('machines.onKicker');
  const unknown = t('machines.onUnknownSentence', { name });
  switch (state) {
    case 'off':
      return ['ok', kicker, t('machines.onOffSentence', { name }), t('machines.onOffWhy')];
    case 'running':
      return ['ok', kicker, ...onRunning(t, vm)];
    case 'still':
      return ['unknown', kicker, unknown, t('machines.onSavedWhy')];
    case 'unread':
      return ['unknown', kicker, unknown, t(whyUnknown(vm.insideEvidence.kind))];
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
