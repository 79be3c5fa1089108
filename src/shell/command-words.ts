/** What a command prints for eyes: nothing in a name reaches the terminal as it is (text/shown.ts), so that none of it is a control. Pure. */
import type { Consent } from '../core/machine/goal.js';
import { stateKey } from '../core/machine/state-words.js';
import type { VmState } from '../core/machine/machine.js';
import { shown, type MessageKey, type Translator, type Words } from '../text/index.js';
import type { CheckReport, ListReport, PlanReport, Report } from './command-report.js';

/** What is printed where; a line ends in its own way on each system. */
export interface Printed {
  readonly to: 'out' | 'error';
  readonly lines: readonly string[];
}

export function printedOf(report: Report, t: Translator): Printed {
  switch (report.kind) {
    case 'list':
      return { to: 'out', lines: listLines(report, t) };
    case 'check':
      return { to: 'out', lines: checkLines(report.checks, t) };
    case 'plan':
      return { to: 'out', lines: planLines(report, t) };
    case 'version':
      return { to: 'out', lines: [`${t('app.name')} ${report.app}`] };
    case 'change':
      return { to: report.outcome === 'done' ? 'out' : 'error', lines: [t(changeWords[report.outcome])] };
    case 'end':
      return { to: report.outcome === 'kept' ? 'error' : 'out', lines: [t(endWords[report.outcome])] };
    case 'refused':
      return {
        to: 'error',
        lines: [
          report.message,
          ...report.vms.map(({ id, name }) => `  ${id}  ${shown(name)}`),
          ...(report.why === 'wrong-arguments' ? [t('command.seeHelp')] : []),
        ],
      };
  }
}

const changeWords = {
  done: 'command.changeDone',
  failed: 'command.changeFailed',
  closed: 'command.changeClosed',
} as const satisfies Record<string, MessageKey>;

const endWords = {
  ended: 'command.endDone',
  'not-running': 'command.endNone',
  kept: 'command.endKept',
} as const satisfies Record<string, MessageKey>;

/** The name last: how wide it is on a terminal nobody can tell. */
function listLines({ pc, vms }: ListReport, t: Translator): readonly string[] {
  if (vms.length === 0) return [t('machines.emptyTitle', { pc: pc ?? t('tray.thisPc') })];
  return vms.map(({ id, name, state, nesting }) =>
    [id, t(stateKey((state ?? undefined) as VmState | undefined)), t(nestingWords(nesting)), shown(name)].join('  '),
  );
}

const nestingWords = (nesting: boolean | null) =>
  nesting === null ? 'tray.nestingUnknown' : nesting ? 'machines.badgeOn' : 'machines.badgeOff';

const checkLines = (checks: CheckReport['checks'], t: Translator): readonly string[] =>
  checks.flatMap(({ verdict, title, why }) => [
    `${t(`app.verdict.${verdict}`)}: ${title}`,
    ...(verdict === 'ok' ? [] : [`  ${why}`]),
  ]);

const asksWords = {
  'shut-down': 'command.asksShutDown',
  'turn-off': 'command.asksTurnOff',
  'drop-saved-state': 'command.asksDropState',
  'upgrade-version': 'command.asksUpgrade',
  'interrupt-guest-network': 'command.asksNetwork',
  'remove-vm': 'command.asksRemove',
} as const satisfies Record<Consent, MessageKey>;

function planLines(plan: PlanReport, t: Translator): readonly string[] {
  const blocked = plan.blocked.flatMap(({ vm, checks }): readonly Words[] | readonly string[] => [
    t('command.planBlocked', { name: vm.name }),
    ...checkLines(checks, t).map((line) => `  ${line}`),
  ]);
  const gone = plan.gone.length > 0 ? [t('command.planGone', { names: plan.gone.map(({ name }) => name) })] : [];
  if (plan.result !== 'ready')
    return [...blocked, ...gone, ...(plan.result === 'already-so' ? [t('command.planAlready')] : [])];
  return [
    ...plan.steps.map(({ number, vm, title }) => `${number}  ${shown(vm.name)}: ${title}`),
    ...plan.asks.map(({ consent, vms }) => t(asksWords[consent], { names: vms.map(({ name }) => name) })),
    ...blocked,
    ...gone,
    '',
    ...plan.script.split('\r\n'),
    t('command.planOnly'),
  ];
}

/** What is typed is never translated. */
const usage = [
  ['--list', 'command.helpList'],
  ['--check [VM]', 'command.helpCheck'],
  ['--plan VM ...', 'command.helpPlan'],
  ['--plan VM ... --nesting=on|off --spoofing=on|off', 'command.helpWants'],
  ['--plan VM ... --apply', 'command.helpApply'],
  ['--undo [CHANGE]', 'command.helpUndo'],
  ['--end', 'command.helpEnd'],
  ['--json', 'command.helpJson'],
  ['--version', 'command.helpVersion'],
] as const satisfies readonly (readonly [string, MessageKey])[];

export function helpLines(t: Translator): readonly string[] {
  const width = Math.max(...usage.map(([typed]) => typed.length));
  return [
    t('command.helpIs'),
    '',
    ...usage.map(([typed, key]) => `  hypernest ${typed.padEnd(width)}  ${t(key)}`),
    '',
    t('command.helpNames'),
    t('command.helpCodes'),
  ];
}
