/** What a wizard or a run is for, in a few words: `Run VMs inside Lab DC 01`. */
import { idOf } from '../../src/core/cmdlets/ref.js';
import type { VmGoal, Wish, WishedGoal } from '../../src/core/machine/goal.js';
import { isSound, type RunRecord } from '../../src/core/run/record.js';
import { type Words, type Translator } from '../../src/text/index.js';

/** The first that all VMs are asked for names the whole; the rest follows from it. */
function kindOf(
  want: Wish,
):
  | 'inside'
  | 'network'
  | 'address'
  | 'ports'
  | 'nesting-on'
  | 'nesting-off'
  | 'version'
  | 'memory'
  | 'spoofing'
  | 'off'
  | 'start'
  | 'settings' {
  if (want.roles !== undefined) return 'inside';
  if (want.network !== undefined) return 'network';
  if (want.ports !== undefined) return 'ports';
  if (want.address !== undefined) return 'address';
  if (want.nesting !== undefined) return want.nesting ? 'nesting-on' : 'nesting-off';
  if (want.version !== undefined) return 'version';
  if (want.memory !== undefined) return 'memory';
  if (want.stopAction !== undefined || want.automaticCheckpoints !== undefined) return 'settings';
  if (want.adapters !== undefined) return 'spoofing';
  if (want.power === undefined) return 'settings';
  return want.power === 'off' ? 'off' : 'start';
}

export function titleOfWants(
  t: Translator,
  wants: readonly VmGoal<Wish>[],
  nameOf: (goal: VmGoal<Wish>) => string,
): Words {
  const [first] = wants;
  if (first === undefined) return t('wizard.titleSettings', { name: t('app.machines', { count: 0 }) });
  const vms = new Set(wants.map(({ vm }) => vm));
  const name = vms.size === 1 ? nameOf(first) : t('app.machines', { count: vms.size });
  const kinds = new Set(wants.map(({ want }) => kindOf(want)));
  switch (kinds.size === 1 ? kindOf(first.want) : 'settings') {
    case 'inside':
      return t('inside.readyTitle', { name });
    case 'network':
      return t('network.title', { name });
    case 'address':
      return t('network.stayTitle', { name });
    case 'ports':
      return t('ports.change', { name });
    case 'nesting-on':
      return t('wizard.titleNestingOn', { name });
    case 'nesting-off':
      return t('wizard.titleNestingOff', { name });
    case 'version':
      return t('wizard.titleVersion', { name });
    case 'memory':
      return t('wizard.titleMemory', { name });
    case 'spoofing':
      return t('wizard.titleSpoofing', { name });
    case 'off':
      return t('wizard.titleShutDown', { name });
    case 'start':
      return t('wizard.titleStart', { name });
    case 'settings':
      return t('wizard.titleSettings', { name });
  }
}

export function titleOfGoal(
  t: Translator,
  goal: WishedGoal,
  runs: readonly RunRecord[],
  nameOf: (goal: VmGoal<Wish>) => string,
): Words {
  if (goal.kind === 'vms') return titleOfWants(t, goal.wants, nameOf);
  if (goal.kind === 'create') return t('create.title', { name: goal.vm.name });
  const run = runs.find(({ id }) => id === goal.run);
  if (!run) return t('wizard.titleUndoPlain');
  return t(goal.checkpoints ? 'checkpoint.titleRemove' : 'wizard.titleUndo', { title: titleOfRun(t, run, runs) });
}

/** Named by the names that its machines had then. */
export function titleOfRun(t: Translator, run: RunRecord, runs: readonly RunRecord[]): Words {
  if (run.plan.chains.length === 0 && !isSound(run)) return t('activity.unreadRun');
  const names = new Map(run.plan.chains.map((chain) => [chain.vm, chain.name]));
  return titleOfGoal(t, run.goal, runs, (goal) => names.get(goal.vm) ?? idOf(goal.vm).slice(0, 8));
}
