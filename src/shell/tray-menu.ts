/** The tray's menu as data: from what is known to labels, ticks and commands. Pure. */
import { vmIn, thisPc, idOf, type VmRef } from '../core/cmdlets/ref.js';
import { accessOf } from '../core/machine/access.js';
import type { Guid } from '../core/cmdlets/call.js';
import type { VmWant } from '../core/machine/goal.js';
import { symptomNames, symptoms, type Symptom } from '../core/errors/symptoms.js';
import { howToChange } from '../core/change/one-click.js';
import type { Machine, Vm } from '../core/machine/machine.js';
import { stateKey } from '../core/machine/state-words.js';
import { canConnect, canResume } from '../core/machine/vm-state.js';
import type { Drift } from '../core/run/drift.js';
import { shown, type Translator, type Words } from '../text/index.js';
import type { Uses } from '../core/run/recent.js';
import { trayStatus, type TrayFacts } from './tray-status.js';
import { ifRead } from '../core/machine/reading.js';

export type TrayCommand =
  | { readonly kind: 'show' }
  | { readonly kind: 'open'; readonly page: 'machines' | 'allow' | 'settings'; readonly vm?: Guid }
  | { readonly kind: 'symptom'; readonly symptom: Symptom }
  /** At once where nothing stops; with `review` the wizard shows it first. */
  | { readonly kind: 'want'; readonly vm: Guid; readonly want: VmWant; readonly review: boolean }
  | { readonly kind: 'connect'; readonly vm: Guid }
  | { readonly kind: 'quit' };

export interface TrayItem {
  readonly id: string;
  readonly type: 'normal' | 'checkbox' | 'separator' | 'submenu';
  readonly label?: string;
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly command?: TrayCommand;
  readonly submenu?: readonly TrayItem[];
}

/** So many VMs are in the menu itself; the others are under More. */
export const mostVms = 20;
/** No menu is longer than a small screen is high. */
export const longestMenu = 30;
/** Characters of a name: Hyper-V allows 100, and a menu or a toast is not the place for them. */
export const longestInMenu = 60;
/** Of the two names that say what a part of More holds. */
const longestInRange = 24;

export function trayMenu(facts: TrayFacts, t: Translator): readonly TrayItem[] {
  const { connection, machine, busy, uses, drifts } = facts;
  const access = accessOf(connection, machine);
  const isOld = access.kind === 'ended';
  const vms = access.kind === 'ok' || isOld ? ifRead(machine?.vms, [], (all) => all) : [];
  const first = mostRecent(vms, busy, uses).slice(0, mostVms);
  const itemOf = (vm: Vm): readonly TrayItem[] =>
    isOld ? [oldItem(vm, t)] : machine ? [vmItem(vm, machine, busy, t)] : [];
  return [
    { id: 'status', type: 'normal', label: escapeLabel(trayStatus(facts, t)), enabled: false },
    ...(isOld ? [item('allow', t('tray.allow'), { kind: 'open', page: 'allow' })] : []),
    ...driftItems(drifts, t),
    separator('after-status'),
    ...first.flatMap(itemOf),
    ...moreItems(vms, first, itemOf, t),
    ...(vms.length > 0 ? [separator('after-vms')] : []),
    ...(vms.length > 0 ? [symptomItem(t)] : []),
    item('open', t('tray.open'), { kind: 'show' }),
    item('settings', t('tray.settings'), { kind: 'open', page: 'settings' }),
    item('quit', t('tray.quit'), { kind: 'quit' }),
  ];
}

/** Into Error help, for whoever has no error to paste. */
const symptomItem = (t: Translator): TrayItem => ({
  id: 'symptoms',
  type: 'submenu',
  label: t('tray.symptoms'),
  submenu: symptoms.map((symptom) => item(symptom, t(symptomNames[symptom]), { kind: 'symptom', symptom })),
});

/** What a run changes now, then what was used last; what cannot be told apart stays in its order, by name. */
function mostRecent(vms: readonly Vm[], busy: ReadonlySet<VmRef>, uses: Uses): readonly Vm[] {
  const rank = ({ id }: Vm): number => (busy.has(vmIn(thisPc, id)) ? Number.MAX_SAFE_INTEGER : (uses.get(id)?.at ?? 0));
  return vms.toSorted((a, b) => rank(b) - rank(a));
}

/** The others by name, and the window, where they can be searched. */
function moreItems(
  vms: readonly Vm[],
  first: readonly Vm[],
  itemOf: (vm: Vm) => readonly TrayItem[],
  t: Translator,
): readonly TrayItem[] {
  const isShown = new Set(first);
  const rest = vms.filter((vm) => !isShown.has(vm));
  if (rest.length === 0) return [];
  const parts = inParts(rest, 'more', itemOf, t);
  const all = item('all', t('tray.allMachines', { count: vms.length }), { kind: 'open', page: 'machines' });
  const submenu = [all, separator('after-all'), ...parts];
  return [{ id: 'more', type: 'submenu', label: t('tray.more', { count: rest.length }), submenu }];
}

/** Each in its place where they fit into one menu, else in menus of their own, named by their first and last. */
function inParts(
  vms: readonly Vm[],
  id: string,
  itemOf: (vm: Vm) => readonly TrayItem[],
  t: Translator,
): readonly TrayItem[] {
  if (vms.length <= longestMenu) return vms.flatMap(itemOf);
  const size = Math.ceil(vms.length / Math.min(longestMenu, Math.ceil(vms.length / longestMenu)));
  const parts = Array.from({ length: Math.ceil(vms.length / size) }, (_, part) =>
    vms.slice(part * size, (part + 1) * size),
  );
  return parts.map((part, index) => ({
    id: `${id}-${index}`,
    type: 'submenu',
    label: rangeOf(part, t),
    submenu: inParts(part, `${id}-${index}`, itemOf, t),
  }));
}

function rangeOf(vms: readonly Vm[], t: Translator): string {
  const nameOf = (vm: Vm | undefined): Words => shown(vm?.name ?? '', longestInRange);
  return escapeLabel(t('tray.range', { first: nameOf(vms[0]), last: nameOf(vms.at(-1)) }));
}

/** Leads to the VM that was changed by something else; where there are several, to all. */
function driftItems(drifts: readonly Drift[], t: Translator): readonly TrayItem[] {
  const [drift] = drifts;
  if (!drift) return [];
  const vm = drifts.length === 1 ? { vm: idOf(drift.vm) } : {};
  return [item('drift', t('tray.driftOpen'), { kind: 'open', page: 'machines', ...vm })];
}

function labelOf(vm: Vm, t: Translator): string {
  const state = t(stateKey(vm.state));
  const key = vm.problem ? 'tray.vmProblem' : 'tray.vm';
  return escapeLabel(t(key, { name: vm.name, state }));
}

/** As it was read last: nothing can be done with it. */
const oldItem = (vm: Vm, t: Translator): TrayItem => ({
  id: `vm:${vm.id}`,
  type: 'normal',
  label: labelOf(vm, t),
  enabled: false,
});

function vmItem(vm: Vm, machine: Machine, busy: ReadonlySet<VmRef>, t: Translator): TrayItem {
  const isFree = !busy.has(vmIn(thisPc, vm.id));
  /** One rule says whether it can be clicked and whether the wizard comes first. */
  const change = (name: string, [now, reviewed]: ItemWords, want: VmWant): TrayItem => {
    const how = howToChange(machine, vm, want);
    const review = how === 'review';
    return {
      ...item(`${name}:${vm.id}`, t(review ? reviewed : now), { kind: 'want', vm: vm.id, want, review }),
      enabled: isFree && how !== 'no',
    };
  };
  const ticked = (changing: TrayItem, checked: boolean): TrayItem => ({ ...changing, type: 'checkbox', checked });
  const spoofed = isSpoofed(vm);
  return {
    id: `vm:${vm.id}`,
    type: 'submenu',
    label: labelOf(vm, t),
    submenu: [
      ticked(change('nesting', words.nesting, { nesting: vm.nesting !== true }), vm.nesting === true),
      ticked(change('spoofing', words.spoofing, { adapters: spoofingOf(vm, !spoofed) }), spoofed),
      separator(`after-ticks:${vm.id}`),
      canResume(vm)
        ? change('resume', words.resume, { power: 'running' })
        : change('start', words.start, { power: 'running' }),
      change('shut-down', words.shutDown, { power: 'off' }),
      {
        ...item(`connect:${vm.id}`, t('tray.connect'), { kind: 'connect', vm: vm.id }),
        enabled: canConnect(vm),
      },
      item(`open:${vm.id}`, t('tray.openVm'), { kind: 'open', page: 'machines', vm: vm.id }),
    ],
  };
}

/** For each change its words, and those that say that something is shown first. */
const words = {
  nesting: ['tray.nesting', 'tray.nestingReview'],
  spoofing: ['tray.spoofing', 'tray.spoofingReview'],
  start: ['tray.start', 'tray.start'],
  resume: ['tray.resume', 'tray.resume'],
  shutDown: ['tray.shutDown', 'tray.shutDown'],
} as const;
type ItemWords = (typeof words)[keyof typeof words];

/** The tick stands for all adapters. */
const isSpoofed = ({ adapters }: Vm): boolean =>
  ifRead(adapters, false, (all) => all.length > 0 && all.every(({ macSpoofing }) => macSpoofing === 'On'));
const spoofingOf = ({ adapters }: Vm, on: boolean): NonNullable<VmWant['adapters']> =>
  Object.fromEntries(
    ifRead(adapters, [], (all) => all.map(({ id }) => [id, { macSpoofing: on ? ('On' as const) : ('Off' as const) }])),
  );

/** In a menu & marks the key. */
export const escapeLabel = (label: string): string => label.replaceAll('&', '&&');

const item = (id: string, label: string, command: TrayCommand): TrayItem => ({ id, type: 'normal', label, command });
const separator = (id: string): TrayItem => ({ id, type: 'separator' });
