/** What stands in the way of a wish for one VM. */
import { checksOfHost, checksOfVm } from '../checks/all.js';
import type { Check, CheckId } from '../checks/check.js';
import { memoryBeyond, memoryOrder } from '../checks/memory.js';
import type { Goal } from '../machine/goal.js';
import { compareVersions, lowestVersion } from '../machine/vm-state.js';
import { isOffOnly, startOf, type Wanted } from './chain.js';
import { insideBlockers } from './inside.js';
import { isMemory, memoryAfter } from './memory.js';
import { pathOf } from './paths.js';

export const blockersOf = (wanted: Wanted, goal: Goal['kind']): readonly Check[] => [
  ...insideBlockers(wanted.around, wanted.vm, wanted.want),
  ...ownBlockers(wanted, goal),
];

function ownBlockers(wanted: Wanted, goal: Goal['kind']): readonly Check[] {
  const { around, vm, want, difference } = wanted;
  const offOnly = isOffOnly(wanted);
  const touches = difference.length > 0 || want.power !== undefined || want.savedState !== undefined;
  if (!touches) return [];
  const power = startOf(wanted);
  const own = checksOfVm(around, vm);
  const state = own.filter(({ id }) => id === 'vm-state');
  // Unknown or on its way: nothing is changed.
  if (power === undefined) return state;
  if (power === 'saved' && difference.some(offOnly) && want.savedState === undefined) return state;
  if (power === 'saved' && want.power === 'off' && want.savedState === undefined) return state;
  if (difference.some(isMemory)) {
    const then = memoryAfter(vm, difference);
    // What was there before is undone, whether it could start or not.
    const refused = [...memoryOrder(vm, then), ...(goal === 'undo' ? [] : memoryBeyond(around, vm, then))];
    if (refused.length > 0) return refused;
  }
  return want.nesting !== undefined && vm.nesting === undefined ? [unread(wanted)] : nestingBlockers(wanted, own);
}

/** What may be so already is not changed blindly. */
const unread = ({ vm }: Wanted): Check => ({
  id: 'vm-health',
  vm: vm.id,
  verdict: 'blocker',
  title: { key: 'checks.healthUnread', params: { count: Math.max(1, vm.unread.length), vm: vm.name } },
  why: { key: 'checks.healthUnreadWhy' },
  evidence: [],
});

/** Checks of this PC that nesting cannot do without; the rest of the host's checks keep no setting from being written. */
const forNesting: readonly CheckId[] = ['architecture', 'windows', 'extensions'];

function nestingBlockers({ around, vm, want, difference }: Wanted, own: readonly Check[]): readonly Check[] {
  if (want.nesting !== true || !difference.some(({ path }) => path === pathOf(vm.id, 'nesting'))) return [];
  const host = checksOfHost(around).filter(({ id, verdict }) => forNesting.includes(id) && verdict === 'blocker');
  const vendor = around.host.processor?.vendor ?? 'other';
  const after = difference.find(({ path }) => path === pathOf(vm.id, 'version'))?.to ?? vm.version;
  const isOld = typeof after === 'string' && compareVersions(after, lowestVersion(vendor)) < 0;
  return [
    ...host,
    ...own.filter(({ id, verdict }) => id === 'configuration-version' && verdict === 'blocker' && isOld),
  ];
}
