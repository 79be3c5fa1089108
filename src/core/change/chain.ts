/** The steps of one VM in order: what happens inside before, down, what it takes while it is off, up, and inside after. */
import { vmIn, type VmRef, type MachineRef } from '../cmdlets/ref.js';
import type { ChangePath, Consent, PlannedWant } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { memoryNeedsOff, plainState, powerOf, type MemoryOffReason, type Power } from '../machine/vm-state.js';
import { checkpointParts } from './checkpoint.js';
import { insideParts } from './inside.js';
import { isMemory, memorySteps, memoryWantOf } from './memory.js';
import { parsePath, pathOf } from './paths.js';
import { settings } from './settings.js';
import type { Chain, Change, Estimate, Part, Plan, PlanOptions, PowerLine, Step } from './step.js';
import { valueAt } from './values.js';
import { ifRead } from '../machine/reading.js';

/** Seconds that a guest may take until it answers after it was resumed from a saved state. */
const ANSWER_WITHIN = 300;

/** What is wanted of one VM, and what that rests on. */
export interface Wanted {
  /** The machine that the VM is in, and its path. */
  readonly around: Machine;
  readonly at: MachineRef;
  readonly vm: Vm;
  readonly want: PlannedWant;
  readonly difference: readonly Change[];
  readonly memoryOff: MemoryOff;
  /** What has been agreed to. */
  readonly given: readonly Consent[];
}

export type MemoryOff = MemoryOffReason | 'refused' | null;

export function memoryOffReason(vm: Vm, difference: readonly Change[], wasRefused: boolean): MemoryOff {
  if (!difference.some(isMemory)) return null;
  const isRefused = powerOf(vm) === 'running' && wasRefused;
  return memoryNeedsOff(vm, memoryWantOf(vm, difference)) ?? (isRefused ? 'refused' : null);
}

/** Whether a change is made only while the VM is off. */
export const isOffOnly =
  ({ memoryOff }: Pick<Wanted, 'memoryOff'>) =>
  ({ path }: Change): boolean => {
    const needs = settings[parsePath(path)?.property ?? 'power'].needsOff;
    return needs === 'at-times' ? memoryOff !== null : needs;
  };

/** A guest that hangs while it shuts down is on its way for ever: once turning off is agreed to, it is one that runs. */
export const startOf = ({ vm, given }: Pick<Wanted, 'vm' | 'given'>): Power | undefined =>
  powerOf(vm) ?? (given.includes('turn-off') && vm.state?.startsWith('Stopping') ? 'running' : undefined);

interface Numbering {
  readonly plan: string;
  readonly first: number;
  readonly estimate: Estimate;
  readonly nameCheckpoint: PlanOptions['nameCheckpoint'];
}

export function chainOf(
  wanted: Wanted,
  numbering: Numbering,
): { readonly chain: Chain; readonly consents: readonly Consent[] } {
  const { around, at, vm, want, difference } = wanted;
  const before = startOf(wanted) ?? 'off';
  const inside = insideParts(around, at, vm, want);
  const offOnly = isOffOnly(wanted);
  const dropsOnly = want.savedState === 'drop' && before === 'saved';
  const goesDown =
    before !== 'off' && (difference.some(offOnly) || want.power === 'off' || dropsOnly || inside.restarts);
  const after = want.power ?? (before === 'running' || before === 'paused' ? 'running' : 'off');
  // What is paused and need not go down stays paused, unless running is asked for.
  const comesUp = after === 'running' && (goesDown || want.power === 'running');
  const down = goesDown ? downParts(wanted, before) : noParts;
  const off = settingParts(at, vm, goesDown || before === 'off' ? difference : difference.filter((c) => !offOnly(c)));
  const up = comesUp ? upParts(at, vm, goesDown ? 'off' : before) : [];
  const rest = [inside.before, down.parts, off, up, inside.after];
  const first = checkpointParts(wanted, rest.flat(), numbering.nameCheckpoint);
  const groups = numbered([first, ...rest], vmIn(at, vm.id), numbering);
  const [, , downSteps = [], offSteps = [], upSteps = []] = groups;
  const steps = groups.flat();
  const power: PowerLine | null =
    down.parts.length + up.length === 0
      ? null
      : {
          before,
          after,
          down: downSteps.map(({ id }) => id),
          off: offSteps.map(({ id }) => id),
          up: upSteps.map(({ id }) => id),
          estimate: numbering.estimate,
        };
  const upgrades: readonly Consent[] = off.some(({ kind }) => kind === 'one-way') ? ['upgrade-version'] : [];
  return {
    consents: [...new Set([...inside.consents, ...down.consents, ...upgrades])],
    chain: {
      vm: vmIn(at, vm.id),
      name: vm.name,
      steps,
      power,
      basis: basisOf(wanted, steps),
      nested: goesDown ? ifRead(vm.nested, [], (all) => all.filter(({ state }) => plainState(state) !== 'Off')) : [],
    },
  };
}

/** Numbered in the order in which they are carried out. */
export function numbered(
  groups: readonly (readonly Part[])[],
  vm: VmRef,
  { plan, first }: Pick<Numbering, 'plan' | 'first'>,
): readonly (readonly Step[])[] {
  return groups.map((parts, index) => {
    const start = first + groups.slice(0, index).flat().length;
    return parts.map((part, offset): Step => {
      const number = start + offset;
      return { id: `${plan}-${String(number)}`, number, vm, ...part };
    });
  });
}

/** The values that the steps rest on, as they are now. */
function basisOf({ vm, around }: Wanted, steps: readonly Step[]): Chain['basis'] {
  const paths = new Set<ChangePath>([
    ...steps.flatMap((step) => step.changes.map(({ path }) => path)),
    pathOf(vm.id, 'power'),
  ]);
  return [...paths].flatMap((path) => {
    const value = valueAt(vm, path, around);
    return value === undefined ? [] : [{ path, value }];
  });
}

export function powerPart(
  at: MachineRef,
  vm: Pick<Vm, 'id' | 'name'>,
  cmdlet: 'Start-VM' | 'Stop-VM' | 'Stop-VM/TurnOff' | 'Resume-VM',
  key: 'plan.start' | 'plan.startSaved' | 'plan.resume' | 'plan.shutDown' | 'plan.turnOff',
  change: { readonly from: Power | null; readonly to: Power },
): Part {
  return {
    title: { key, params: { vm: vm.name } },
    do: { call: { cmdlet, params: {}, at, on: { vm: vm.id } } },
    kind: 'power',
    changes: [{ path: pathOf(vm.id, 'power'), ...change }],
  };
}

interface Parts {
  readonly parts: readonly Part[];
  readonly consents: readonly Consent[];
}
const noParts: Parts = { parts: [], consents: [] };

function downParts({ at, vm, want, given }: Wanted, before: Power): Parts {
  if (before === 'saved' && want.savedState === 'drop')
    return { consents: ['drop-saved-state'], parts: [dropPart(at, vm)] };
  if (given.includes('turn-off') && before !== 'saved') {
    const turnOff = powerPart(at, vm, 'Stop-VM/TurnOff', 'plan.turnOff', { from: before, to: 'off' });
    return { consents: ['turn-off'], parts: [turnOff] };
  }
  const shutDown = powerPart(at, vm, 'Stop-VM', 'plan.shutDown', { from: 'running', to: 'off' });
  const awake = wakeParts(at, vm, before);
  return { consents: ['shut-down'], parts: [...awake, shutDown] };
}

const dropPart = (at: MachineRef, vm: Vm): Part => ({
  title: { key: 'plan.dropSavedState', params: { vm: vm.name } },
  do: { call: { cmdlet: 'Remove-VMSavedState', params: {}, at, on: { vm: vm.id } } },
  kind: 'one-way',
  changes: [
    { path: pathOf(vm.id, 'savedState'), from: true, to: false },
    { path: pathOf(vm.id, 'power'), from: 'saved', to: 'off' },
  ],
});

/** Only a guest that runs can be asked to shut down. */
function wakeParts(at: MachineRef, vm: Vm, before: Power): readonly Part[] {
  if (before === 'paused') return [powerPart(at, vm, 'Resume-VM', 'plan.resume', { from: 'paused', to: 'running' })];
  if (before !== 'saved') return [];
  const wait: Part = {
    title: { key: 'plan.waitAnswer', params: { vm: vm.name } },
    do: { wait: { vm: vmIn(at, vm.id), answers: true }, atMost: ANSWER_WITHIN },
    kind: 'power',
    changes: [],
  };
  return [powerPart(at, vm, 'Start-VM', 'plan.startSaved', { from: 'saved', to: 'running' }), wait];
}

function upParts(at: MachineRef, vm: Vm, from: Power): readonly Part[] {
  if (from === 'running') return [];
  return from === 'paused'
    ? wakeParts(at, vm, 'paused')
    : [powerPart(at, vm, 'Start-VM', 'plan.start', { from, to: 'running' })];
}

function settingParts(at: MachineRef, vm: Vm, changes: readonly Change[]): readonly Part[] {
  const memory = changes.filter(isMemory);
  return changes.flatMap((change): readonly Part[] => {
    // Startup and its limits go together: one without the others can be refused.
    if (isMemory(change)) return change === memory[0] ? memorySteps(at, vm, memory) : [];
    const parsed = parsePath(change.path);
    if (!parsed) return [];
    const { write, oneWay } = settings[parsed.property];
    const act = write(at, change.to, parsed);
    if (!act) return [];
    const kind = oneWay === false ? 'setting' : 'one-way';
    return [{ title: act.title, do: { call: act.call }, kind, changes: [change] }];
  });
}

/** What of a chain cannot be undone, and why. */
export function oneWayOf(chain: Chain): Plan['oneWay'] {
  const vm = chain.vm;
  return chain.steps.flatMap((step) =>
    step.changes.flatMap(({ path, from }): Plan['oneWay'] => {
      const property = parsePath(path)?.property;
      if (property === undefined) return [];
      const { oneWay } = settings[property];
      if (typeof oneWay === 'object') return [{ vm, path, reason: oneWay }];
      // What was in memory is worked off, kept by the guest, but the saved state itself is gone.
      const isWoken = (from === 'saved' || from === 'paused') && chain.power?.before === from;
      return property === 'power' && isWoken && step.kind === 'power'
        ? [{ vm, path, reason: { key: 'plan.oneWayPower' } }]
        : [];
    }),
  );
}
