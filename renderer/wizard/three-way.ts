/** The comparison of found, written and now as tables: which value stands where, and in what words. */
import { idOf, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Thing } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { targetText } from '../../src/core/network/mappings.js';
import { nameOfThing } from '../../src/core/network/things.js';
import type { Plan, Step } from '../../src/core/change/step.js';
import { keyOfWay, type ThreeWay } from '../../src/core/run/undo.js';
import type { ShownPlan } from '../../src/ipc/schema.js';
import { joined, noWords, shown, type Translator, type Words } from '../../src/text/index.js';
import { gapOf, groupThreeWay } from '../pages/activity.js';
import { settingOf } from './path.js';
import { whatOf } from './words.js';

export interface ThreeWaySection {
  readonly id: 'back' | 'same' | 'else' | 'cannot' | 'all';
  readonly title: string;
  readonly note: string;
  readonly rows: readonly ThreeWay[];
  /** What goes back is what was written, and becomes what was found: said once where the words are long. */
  readonly isShort: boolean;
  /** Words of a network are longer than On and Off. */
  readonly isWordy: boolean;
}

/** `steps`: those of the plan that undoes. `title`: of one table, where it is not decided yet that values go back. */
export function sectionsOf(
  t: Translator,
  rows: readonly ThreeWay[],
  steps: ReadonlyMap<string, Step>,
  title: string | undefined,
): readonly ThreeWaySection[] {
  if (title !== undefined) return sectionOf('all', title, '', rows);
  const groups = groupThreeWay(rows);
  return [
    ...sectionOf('back', t('activity.groupBack'), t('activity.groupBackNote'), inOrder(groups.back, steps)),
    ...sectionOf('same', t('activity.groupSame'), t('activity.groupSameNote'), groups.same),
    ...sectionOf('else', t('activity.groupElse'), t('activity.groupElseNote'), groups.else),
    ...sectionOf('cannot', t('activity.groupCannot'), t('activity.groupCannotNote'), groups.cannot),
  ];
}

function sectionOf(
  id: ThreeWaySection['id'],
  title: string,
  note: string,
  rows: readonly ThreeWay[],
): readonly ThreeWaySection[] {
  if (rows.length === 0) return [];
  const isWordy = rows.some(isOfNetwork);
  const isShort = id === 'back' && isWordy;
  return [{ id, title, note: isShort ? '' : note, rows, isShort, isWordy }];
}

function isOfNetwork({ made, path }: ThreeWay): boolean {
  const { key } = settingOf(path);
  return made !== undefined || key === 'switch' || key === 'address' || key === 'dns';
}

/** As they go back: what is made goes in another order than it came. */
function inOrder(rows: readonly ThreeWay[], steps: ReadonlyMap<string, Step>): readonly ThreeWay[] {
  const numberOf = (row: ThreeWay): number => steps.get(keyOfWay(row))?.number ?? 0;
  return rows.toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** The step of the plan that sets a value back. */
export const stepsByWay = (plan: Plan | undefined): ReadonlyMap<string, Step> =>
  new Map(
    plan?.chains.flatMap(({ vm, steps }) =>
      steps.flatMap((step) => step.changes.map(({ path }) => [keyOfWay({ vm, path }), step])),
    ),
  );

/** VMs whose values go back alike. */
export interface Alike {
  readonly key: string;
  readonly vms: readonly { readonly key: VmRef; readonly name: string }[];
  /** Of the first, which stands for all. */
  readonly rows: readonly [ThreeWay, ...ThreeWay[]];
  /** By a row of the first: the same value of each of them. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
}

function inGroups<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const byVm = (rows: readonly ThreeWay[]): ReadonlyMap<VmRef, readonly ThreeWay[]> => inGroups(rows, ({ vm }) => vm);

/** VMs that an undo is about, with those that it leaves out. */
export const vmsOfUndo = ({ threeWay = [], result }: ShownPlan): readonly VmRef[] => {
  const left = result.kind === 'ready' ? result.plan.blocked : result.kind === 'blocked' ? result.by : [];
  return [...new Set([...byVm(threeWay).keys(), ...left.map(({ vm }) => vm)])];
};

/** A value that is ticked for itself, or a thing that was made, keeps its VM apart. */
function signatureOf(vm: VmRef, rows: readonly ThreeWay[]): string {
  const isOwn = rows.some(({ verdict, made }) => verdict === 'somebody-else' || made !== undefined);
  // An adapter is told apart by its place, not by its id, which no two VMs share.
  const values = rows.map(({ path, found, wrote, now, verdict }) => [settingOf(path).key, found, wrote, now, verdict]);
  return JSON.stringify([isOwn ? vm : null, values]);
}

export function alikeIn(rows: readonly ThreeWay[]): readonly Alike[] {
  const groups = inGroups(byVm(rows), ([vm, of]) => signatureOf(vm, of));
  return [...groups].flatMap(([key, members]): Alike[] => {
    const [first, ...others] = members[0]?.[1] ?? [];
    if (!first) return [];
    const ways = [first, ...others].map(
      (row, at) => [keyOfWay(row), members.flatMap(([, of]) => (of[at] ? keyOfWay(of[at]) : []))] as const,
    );
    return [
      {
        key,
        vms: members.map(([vm, of]) => ({ key: vm, name: of[0]?.name ?? idOf(vm) })),
        rows: [first, ...others],
        alike: new Map(ways),
      },
    ];
  });
}

interface Cells {
  readonly name: Words;
  /** Of whom, of which adapter, and why it stays; empty: nothing is to be added. */
  readonly why: Words;
  readonly found: Words;
  readonly wrote: Words;
  readonly now: Words;
  readonly then: Words;
}

/** `isMany`: of several VMs, so that each row names its own. `canTick`: what somebody else changed can go back too. */
export function cellsOf(
  t: Translator,
  row: ThreeWay,
  vm: Vm | undefined,
  { isMany, canTick }: { readonly isMany: boolean; readonly canTick: boolean },
): Cells {
  const { why, ...values } = row.made ? madeCells(t, row.made, row.verdict) : valuesOf(t, row, vm);
  const gap = gapOf(row);
  const parts = [
    ...(isMany ? [shown(row.name)] : []),
    ...(why === '' ? [] : [why]),
    ...(row.verdict === 'kept' && canTick ? [t('checkpoint.stays')] : []),
    ...(row.verdict === 'somebody-else' && canTick ? [t('activity.tickedGoes', { value: values.found })] : []),
    ...(gap ? [t(gap)] : []),
  ];
  return { ...values, why: joined(parts, t('activity.joined')) };
}

function valuesOf(t: Translator, row: ThreeWay, vm: Vm | undefined): Cells {
  const { name, why, value } = whatOf(t, row.path, vm);
  const found = value(row.found);
  const now = row.now === undefined ? t('wizard.unknownValue') : value(row.now);
  return { name, why: why ?? noWords, found, wrote: value(row.wrote), now, then: found };
}

/** A made thing in the comparison of three: still there, already gone, or changed by somebody else. */
function madeCells(t: Translator, made: Thing, verdict: ThreeWay['verdict']): Cells {
  return {
    name: t.message(nameOfThing(made)),
    why: whyOfThing(made),
    found: t('network.madeNone'),
    wrote: t('network.made'),
    now: t(verdict === 'somebody-else' && mayForward(made) ? 'network.wayUsedByPorts' : nowKeys[verdict]),
    then: t('network.removed'),
  };
}

const mayForward = ({ what }: Thing): boolean => what === 'nat' || what === 'switch' || what === 'address';

const nowKeys = {
  undo: 'network.wayThere',
  kept: 'network.wayThere',
  'already-so': 'network.wayGone',
  gone: 'network.wayGone',
  'somebody-else': 'network.wayUsed',
  'one-way': 'network.wayChanged',
  unknown: 'network.wayUnknown',
} as const satisfies Record<ThreeWay['verdict'], string>;

function whyOfThing(thing: Thing): Words {
  switch (thing.what) {
    case 'switch':
    case 'vm':
    case 'checkpoint':
      return noWords;
    case 'nat':
      return shown(thing.prefix);
    case 'disk':
      return shown(thing.path);
    case 'address':
      return shown(thing.name);
    case 'mapping':
      return shown(targetText(thing));
  }
}
