/** From what a person ticks to a goal. One draft holds for one VM and for many; a VM is asked only for what differs. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { AdapterId, Guid } from '../../src/core/cmdlets/call.js';
import type { Check } from '../../src/core/checks/check.js';
import { settings } from '../../src/core/change/settings.js';
import {
  ownSettings,
  type Goal,
  type MemoryWant,
  type VmGoal,
  type VmWant,
  type Wish,
} from '../../src/core/machine/goal.js';
import type { HostFacts, Machine, StopAction, Vm } from '../../src/core/machine/machine.js';
import {
  compareVersions,
  isSaved,
  memoryNeedsOff,
  newestOf as newestIn,
  plainState,
} from '../../src/core/machine/vm-state.js';
import { ifRead } from '../../src/core/machine/reading.js';

/** A VM, and the machine that it is in. Two VMs of two PCs can have the same id. */
export interface Placed {
  readonly ref: VmRef;
  readonly vm: Vm;
  readonly machine: Machine;
}

export interface Draft {
  /** undefined: stays as it is. So with every other value. */
  readonly nesting: boolean | undefined;
  readonly version: string | undefined;
  readonly stopAction: StopAction | undefined;
  readonly automaticCheckpoints: boolean | undefined;
  /** bytes, the same for every VM */
  readonly startup: number | undefined;
  /** bytes, for the VMs that start with less: what is advised never takes memory away. */
  readonly atLeast: number | undefined;
  /** Chosen on the page of the memory, for the one VM that it is of. */
  readonly limits: Omit<MemoryWant, 'startup'>;
  readonly spoofing: Readonly<Record<AdapterId, 'On' | 'Off'>>;
  /** What a saved state in the way becomes. The default keeps the work. */
  readonly savedState: 'resume' | 'drop';
  /** Power after the change. `as-before`: what ran runs again. */
  readonly after: 'as-before' | 'running' | 'off';
}

const draftFields = ['nesting', 'version', 'stopAction', 'automaticCheckpoints', 'startup', 'atLeast'] as const;
export type DraftField = (typeof draftFields)[number];

const untouched: Draft = {
  nesting: undefined,
  version: undefined,
  stopAction: undefined,
  automaticCheckpoints: undefined,
  startup: undefined,
  atLeast: undefined,
  limits: {},
  spoofing: {},
  savedState: 'resume',
  after: 'as-before',
};

/** What was asked for, as a draft: the wizard opens with it. */
export function draftOf(wants: readonly VmGoal<Wish>[]): Draft {
  return wants.reduce<Draft>((draft, { want }) => {
    const parts = partsOf(want);
    // Each VM has adapters of its own.
    return { ...draft, ...parts, spoofing: { ...draft.spoofing, ...parts.spoofing } };
  }, untouched);
}

function partsOf(want: Wish): Partial<Draft> {
  const spoofing: Record<AdapterId, 'On' | 'Off'> = {};
  for (const [id, adapter] of Object.entries(want.adapters ?? {}))
    if (adapter.macSpoofing) spoofing[id] = adapter.macSpoofing;
  return {
    ...(want.nesting === undefined ? {} : { nesting: want.nesting }),
    ...(want.version === undefined ? {} : { version: want.version }),
    ...(want.stopAction === undefined ? {} : { stopAction: want.stopAction }),
    ...(want.automaticCheckpoints === undefined ? {} : { automaticCheckpoints: want.automaticCheckpoints }),
    ...(want.memory === undefined ? {} : memoryPartsOf(want.memory)),
    ...(want.savedState === undefined ? {} : { savedState: want.savedState }),
    ...(want.power === undefined ? {} : { after: want.power }),
    ...(Object.keys(spoofing).length === 0 ? {} : { spoofing }),
  };
}

function memoryPartsOf({ startup, ...limits }: MemoryWant): Pick<Draft, 'startup' | 'limits'> {
  return { startup, limits };
}

/** A value that a check advises, and the VMs that it is advised for. No check, no recommendation. */
export interface Recommendation {
  readonly field: DraftField;
  readonly value: boolean | string | number;
  readonly vms: readonly Guid[];
  /** The VM cannot do what is wanted without it. */
  readonly required: boolean;
}

export function recommendationsOf(checks: readonly Check[]): readonly Recommendation[] {
  const found = new Map<DraftField, Omit<Recommendation, 'vms'> & { readonly vms: Set<Guid> }>();
  for (const check of checks) {
    if (check.verdict === 'ok' || check.vm === undefined || check.fix?.kind !== 'vm') continue;
    const { startup: atLeast, ...others } = partsOf(check.fix.want);
    const parts: Partial<Draft> = { ...others, atLeast };
    for (const field of draftFields) {
      const value = parts[field];
      if (value === undefined || field === 'nesting') continue;
      const before = found.get(field);
      found.set(field, {
        field,
        value,
        vms: (before?.vms ?? new Set()).add(check.vm),
        required: (before?.required ?? false) || check.verdict === 'blocker',
      });
    }
  }
  return [...found.values()].map((one) => ({ ...one, vms: [...one.vms] }));
}

/** What was asked for wins over what is recommended. */
export function withRecommended(draft: Draft, recommended: readonly Recommendation[]): Draft {
  return recommended.reduce<Draft>(
    (all, { field, value }) => (all[field] === undefined ? { ...all, [field]: value } : all),
    draft,
  );
}

/**
 * What is ticked by itself. Of many only what they cannot do without: one that is as it
 * should be already would restart for advice that nobody asked for.
 */
export const tickedBy = (vms: readonly unknown[], recommended: readonly Recommendation[]): readonly Recommendation[] =>
  vms.length > 1 ? recommended.filter(({ required }) => required) : recommended;

/** What was only recommended goes when its reason goes: nesting off again needs no other stop action. */
export function withoutRecommended(draft: Draft, recommended: readonly Recommendation[]): Draft {
  return recommended.reduce<Draft>(
    (all, { field, value }) => (all[field] === value ? { ...all, [field]: undefined } : all),
    draft,
  );
}

/** What one VM is asked for: only what differs from what it has. null: nothing. */
export function wantOf(vm: Vm, draft: Draft): VmWant | null {
  const { nesting, version, stopAction, automaticCheckpoints } = draft;
  const startup = startupOf(vm, draft);
  const adapters: Record<AdapterId, { macSpoofing: 'On' | 'Off' }> = {};
  for (const adapter of ifRead(vm.adapters, [], (all) => all)) {
    const wanted = draft.spoofing[adapter.id];
    if (wanted !== undefined && wanted !== adapter.macSpoofing) adapters[adapter.id] = { macSpoofing: wanted };
  }
  const want: VmWant = {
    ...(nesting === undefined || nesting === vm.nesting ? {} : { nesting }),
    ...(version === undefined || !isNewer(version, vm.version) ? {} : { version }),
    ...(stopAction === undefined || stopAction === vm.stopAction ? {} : { stopAction }),
    ...(automaticCheckpoints === undefined || automaticCheckpoints === vm.automaticCheckpoints
      ? {}
      : { automaticCheckpoints }),
    ...memoryOf(vm, startup, draft.limits),
    ...(Object.keys(adapters).length === 0 ? {} : { adapters }),
    ...powerOf(vm, draft),
  };
  if (Object.keys(want).length === 0) return null;
  return isSaved(vm.state) && needsOff(vm, want) ? { ...want, savedState: draft.savedState } : want;
}

/** Its own limits are those of Windows until the page of the memory has changed them. */
function memoryOf({ memory }: Vm, startup: number | undefined, limits: Draft['limits']): Pick<VmWant, 'memory'> {
  const want: MemoryWant = {
    ...limits,
    ...(startup === undefined || startup === memory.startup ? {} : { startup }),
  };
  return Object.keys(want).length === 0 ? {} : { memory: want };
}

/** bytes that the VM starts with after; undefined: it could not be read, and stays as it is. */
export function startupOf({ memory }: Vm, { startup, atLeast }: Draft): number | undefined {
  if (startup !== undefined) return startup;
  return memory.startup === undefined || atLeast === undefined ? memory.startup : Math.max(memory.startup, atLeast);
}

function powerOf(vm: Vm, { after }: Draft): Pick<VmWant, 'power'> {
  if (after === 'as-before') return {};
  return (after === 'off') === isOff(vm) ? {} : { power: after };
}

/** A configuration version cannot go down, so an older or equal one asks for nothing. */
const isNewer = (wanted: string, has: string | undefined): boolean =>
  has === undefined || compareVersions(wanted, has) > 0;

/** null: nothing is asked of any VM. */
export function goalOf(placed: readonly Pick<Placed, 'ref' | 'vm'>[], draft: Draft): Goal | null {
  const wants = placed.flatMap(({ ref, vm }): VmGoal[] => {
    const want = wantOf(vm, draft);
    return want === null ? [] : [{ vm: ref, want }];
  });
  return wants.length === 0 ? null : { kind: 'vms', wants, consents: [] };
}

const isIn = (vm: Vm, ...states: readonly string[]): boolean =>
  vm.state !== undefined && states.includes(plainState(vm.state));
const isOff = (vm: Vm): boolean => isIn(vm, 'Off');
const isUp = (vm: Vm): boolean => isIn(vm, 'Running', 'Paused');

/** Values that the VM takes only while it is off. */
const needsOff = (vm: Vm, want: VmWant): boolean =>
  ownSettings.some((name) => settings[name].needsOff === true && Object.hasOwn(want, name)) ||
  (want.memory !== undefined && memoryNeedsOff(vm, want.memory) !== null);

/** The VMs that go down for the change, and those whose saved state is in its way. */
export function inTheWay(
  vms: readonly Vm[],
  draft: Draft,
): { readonly up: readonly Vm[]; readonly saved: readonly Vm[]; readonly off: readonly Vm[] } {
  const touched = vms.filter((vm) => {
    const want = wantOf(vm, draft);
    return want !== null && (needsOff(vm, want) || want.power === 'off');
  });
  return { up: touched.filter(isUp), saved: touched.filter(({ state }) => isSaved(state)), off: touched.filter(isOff) };
}

/** What a VM takes in any state. */
const takenAsItStands: readonly string[] = ['power', 'adapters'];

/** Nothing is to be chosen: asked for one thing, and every VM can take it as it stands. */
export function isDecided(
  placed: readonly Pick<Placed, 'ref' | 'vm'>[],
  wants: readonly VmGoal<Wish>[],
  checks: readonly Check[],
): boolean {
  const known = new Map(placed.map(({ ref, vm }) => [ref, vm]));
  const ids = new Set(placed.map(({ vm }) => vm.id));
  const isBlocked = checks.some(
    (check) => check.verdict === 'blocker' && check.fix?.kind === 'vm' && check.vm !== undefined && ids.has(check.vm),
  );
  const isTaken = wants.every(({ vm: ref, want }) => {
    const vm = known.get(ref);
    const takesMemory = vm !== undefined && want.memory !== undefined && memoryNeedsOff(vm, want.memory) === null;
    return Object.keys(want).every((key) => takenAsItStands.includes(key) || (key === 'memory' && takesMemory));
  });
  return isTaken || (!isBlocked && placed.every(({ vm }) => isOff(vm)));
}

/** What all of them have alike; undefined: they differ, or one could not be read. */
export function alike<Value>(vms: readonly Vm[], of: (vm: Vm) => Value | undefined): Value | undefined {
  const [first, ...others] = vms.map(of);
  return others.every((value) => value === first) ? first : undefined;
}

/** VMs that a newer configuration version is offered, and which one: nothing is offered where their hosts differ in it. */
export function newestOf(placed: readonly Placed[]): { readonly version: string | undefined; readonly count: number } {
  const all = placed.flatMap(({ vm, machine }) => newestVersion(vm, machine.host) ?? []);
  return { version: new Set(all).size === 1 ? all[0] : undefined, count: all.length };
}

/** The newest configuration version of this host, where the VM has an older one. */
function newestVersion(vm: Vm, host: HostFacts): string | undefined {
  const newest = newestIn(host.supportedVersions);
  return newest !== undefined && vm.version !== undefined && isNewer(newest, vm.version) ? newest : undefined;
}
