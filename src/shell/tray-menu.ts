/** The tray's menu as data: from what is known to labels, ticks and commands. Pure. */
import { vmIn, thisPc, type VmRef } from '../core/cmdlets/ref.js';
import { accessOf } from '../core/machine/access.js';
import type { RunId, VmWant } from '../core/machine/goal.js';
import { symptomNames, symptoms, type Symptom } from '../core/errors/symptoms.js';
import { howToChange, spoofingWant } from '../core/change/one-click.js';
import type { Machine, Vm } from '../core/machine/machine.js';
import { stateKey } from '../core/machine/state-words.js';
import { badgeOf, canConnect, canResume, canShutDown, canStart } from '../core/machine/vm-state.js';
import type { Drift } from '../core/run/drift.js';
import type { Translator } from '../text/index.js';
import type { Uses } from '../core/run/recent.js';
import { trayStatus, type TrayFacts } from './tray-status.js';
import { ifRead } from '../core/machine/reading.js';

export type TrayCommand =
  | { readonly kind: 'show' }
  /** `find`: with the cursor in the filter. */
  | {
      readonly kind: 'open';
      readonly page: 'machines' | 'create' | 'allow' | 'settings';
      readonly vm?: VmRef;
      readonly find?: boolean;
    }
  | { readonly kind: 'symptom'; readonly symptom: Symptom }
  /** At once where nothing stops; with `review` the wizard shows it first. */
  | { readonly kind: 'want'; readonly vm: VmRef; readonly want: VmWant; readonly review: boolean }
  | { readonly kind: 'connect'; readonly vm: VmRef }
  | { readonly kind: 'undo'; readonly run: RunId }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'quit' };

/** What the app is asked: in its tray, or by another start of it (outside.ts). */
export type Asked = TrayCommand | { readonly kind: 'handed'; readonly data: unknown };

export interface TrayItem {
  readonly id: string;
  readonly type: 'normal' | 'checkbox' | 'separator' | 'submenu';
  readonly label?: string;
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly command?: TrayCommand;
  readonly submenu?: readonly TrayItem[];
}

/** So many VMs are in the menu itself, the others under More; of more than `mostListed` the most recent, and the window has all. */
export const mostVms = 20;
export const mostListed = 50;
export const mostRecentVms = 10;
/** Characters of a name: Hyper-V allows 100, and a menu or a toast is not the place for them. */
export const longestInMenu = 60;

export function trayMenu(facts: TrayFacts, t: Translator): readonly TrayItem[] {
  const { connection, machine, busy, uses, drifts, lastChange } = facts;
  const access = accessOf(connection, machine);
  const isOld = access.kind === 'ended';
  const vms = access.kind === 'ok' || isOld ? ifRead(machine?.vms, [], (all) => all) : [];
  const isMany = vms.length > mostListed;
  const first = mostRecent(vms, busy, uses).slice(0, isMany ? mostRecentVms : mostVms);
  const itemOf = (vm: Vm): readonly TrayItem[] =>
    isOld ? [oldItem(vm, t)] : machine ? [vmItem(vm, machine, busy, t)] : [];
  const ways = [
    ...(vms.length > 0 ? [symptomItem(t)] : []),
    ...(access.kind === 'ok' && lastChange !== undefined
      ? [item('undo', keyed(t('tray.undoLast'), 'u'), { kind: 'undo', run: lastChange })]
      : []),
    ...(access.kind === 'ok' ? [item('create', keyed(t('create.button'), 'v'), { kind: 'open', page: 'create' })] : []),
    ...(access.kind === 'ok' ? [item('refresh', keyed(t('machines.refresh'), 'r'), { kind: 'refresh' })] : []),
  ];
  return [
    item('open', keyed(t('tray.open'), 'o'), { kind: 'show' }),
    { id: 'status', type: 'normal', label: escapeLabel(trayStatus(facts, t)), enabled: false },
    ...(isOld ? [item('allow', keyed(t('tray.allow'), 'l'), { kind: 'open', page: 'allow' })] : []),
    ...driftItems(drifts, t),
    separator('after-status'),
    ...first.flatMap(itemOf),
    ...(isMany ? [allItem(vms.length, t)] : moreItems(vms, first, itemOf, t)),
    ...(vms.length > 0 ? [separator('after-vms')] : []),
    ...ways,
    ...(ways.length > 0 ? [separator('after-ways')] : []),
    item('settings', keyed(t('tray.settings'), 's'), { kind: 'open', page: 'settings' }),
    item('quit', keyed(t('tray.quit'), 'q'), { kind: 'quit' }),
  ];
}

/** Into Error help, for whoever has no error to paste. */
const symptomItem = (t: Translator): TrayItem => ({
  id: 'symptoms',
  type: 'submenu',
  label: keyed(t('tray.symptoms'), 'w'),
  submenu: symptoms.map((symptom) =>
    item(symptom, keyed(t(symptomNames[symptom]), symptomKeys[symptom]), { kind: 'symptom', symptom }),
  ),
});
const symptomKeys: Readonly<Record<Symptom, string>> = { 'no-internet': 'i', 'wsl-off': 'w', memory: 'm' };

/** What a run changes now, then what was used last; what cannot be told apart stays in its order, by name. */
function mostRecent(vms: readonly Vm[], busy: ReadonlySet<VmRef>, uses: Uses): readonly Vm[] {
  const rank = ({ id }: Vm): number => (busy.has(vmIn(thisPc, id)) ? Number.MAX_SAFE_INTEGER : (uses.get(id)?.at ?? 0));
  return vms.toSorted((a, b) => rank(b) - rank(a));
}

const allItem = (count: number, t: Translator): TrayItem =>
  item('all', keyed(t('tray.allMachines', { count }), 'a'), { kind: 'open', page: 'machines', find: true });

/** The others by name. */
function moreItems(
  vms: readonly Vm[],
  first: readonly Vm[],
  itemOf: (vm: Vm) => readonly TrayItem[],
  t: Translator,
): readonly TrayItem[] {
  const isShown = new Set(first);
  const rest = vms.filter((vm) => !isShown.has(vm));
  if (rest.length === 0) return [];
  const label = keyed(t('tray.more', { count: rest.length }), 'm');
  return [{ id: 'more', type: 'submenu', label, submenu: rest.flatMap(itemOf) }];
}

/** Leads to the VM that was changed by something else; where there are several, to all. */
function driftItems(drifts: readonly Drift[], t: Translator): readonly TrayItem[] {
  const [drift] = drifts;
  if (!drift) return [];
  const vm = drifts.length === 1 ? { vm: drift.vm } : {};
  return [item('drift', keyed(t('tray.driftOpen'), 'c'), { kind: 'open', page: 'machines', ...vm })];
}

/** Its name, then its state, nesting unless it is off, and whether something is wrong with it. */
function labelOf(vm: Vm, t: Translator): string {
  const badge = nestingKeys[badgeOf(vm)];
  const words = [
    t(stateKey(vm.state)),
    vm.nesting === undefined ? t('tray.nestingUnknown') : badge && t(badge),
    vm.problem ? t('machines.chipAttention') : undefined,
  ];
  const state = words.filter((word) => word !== undefined).join(' · ');
  return escapeLabel(t('tray.vm', { name: vm.name, state }));
}

/** Where it is on, that is certain, whatever runs in the VM. */
const nestingKeys = {
  off: undefined,
  on: 'machines.badgeOn',
  unknown: 'machines.badgeOn',
  probably: 'machines.badgeProbably',
  inside: 'machines.badgeInside',
} as const;

/** As it was read last: nothing can be done with it. */
const oldItem = (vm: Vm, t: Translator): TrayItem => ({
  id: `vm:${vm.id}`,
  type: 'normal',
  label: labelOf(vm, t),
  enabled: false,
});

function vmItem(vm: Vm, machine: Machine, busy: ReadonlySet<VmRef>, t: Translator): TrayItem {
  const ref = vmIn(thisPc, vm.id);
  const isFree = !busy.has(ref);
  /** One rule says whether it can be clicked and whether the wizard comes first. */
  const change = (name: string, label: string, want: VmWant): TrayItem => {
    const how = howToChange(machine, vm, want);
    const command: TrayCommand = { kind: 'want', vm: ref, want, review: how === 'review' };
    return { ...item(`${name}:${vm.id}`, label, command), enabled: isFree && how !== 'no' };
  };
  const verbs = [
    ...(canResume(vm) ? [change('resume', keyed(t('tray.resume'), 'r'), { power: 'running' })] : []),
    ...(canStart(vm) ? [change('start', keyed(t('tray.start'), 's'), { power: 'running' })] : []),
    ...(canShutDown(vm) ? [change('shut-down', keyed(t('tray.shutDown'), 'd'), { power: 'off' })] : []),
    ...(canConnect(vm) ? [item(`connect:${vm.id}`, keyed(t('tray.connect'), 'c'), { kind: 'connect', vm: ref })] : []),
  ];
  return {
    id: `vm:${vm.id}`,
    type: 'submenu',
    label: labelOf(vm, t),
    submenu: [
      nestingItem(vm, machine, change, t),
      ...spoofingItems(vm, change, t),
      separator(`after-ticks:${vm.id}`),
      ...verbs,
      item(`open:${vm.id}`, keyed(t('tray.openVm'), 'o'), { kind: 'open', page: 'machines', vm: ref }),
    ],
  };
}

type Change = (name: string, label: string, want: VmWant) => TrayItem;

/** A tick does what it shows at once. What is asked about first is no tick: a click would turn it, and nothing would have happened. */
const ticked = (changing: TrayItem, checked: boolean): TrayItem => ({ ...changing, type: 'checkbox', checked });

function nestingItem(vm: Vm, machine: Machine, change: Change, t: Translator): TrayItem {
  const { id, nesting } = vm;
  if (nesting === undefined)
    return { id: `nesting:${id}`, type: 'normal', label: t('tray.nestingUnknown'), enabled: false };
  const want = { nesting: !nesting };
  if (howToChange(machine, vm, want) === 'review')
    return change('nesting', keyed(t(nesting ? 'machines.turnOffMenu' : 'machines.turnOnMenu'), 'n'), want);
  return ticked(change('nesting', keyed(t('tray.nesting'), 'n'), want), nesting);
}

/** The tick stands for its one adapter; of several the wizard shows which. */
function spoofingItems({ adapters }: Vm, change: Change, t: Translator): readonly TrayItem[] {
  const all = ifRead(adapters, [], (known) => known);
  if (all.length === 0 || all.some(({ macSpoofing }) => macSpoofing === undefined)) return [];
  const on = all.filter(({ macSpoofing }) => macSpoofing === 'On').length;
  const isOn = on === all.length;
  const want = spoofingWant(all, isOn ? 'Off' : 'On');
  if (all.length === 1) return [ticked(change('spoofing', keyed(t('tray.spoofing'), 'm'), want), isOn)];
  const label = isOn
    ? t('tray.spoofingTurnOff')
    : on === 0
      ? t('tray.spoofingTurnOn')
      : t('tray.spoofingSome', { on, all: all.length });
  return [change('spoofing', keyed(label, 'm'), want)];
}

/** In a menu & marks the key. */
export const escapeLabel = (label: string): string => label.replaceAll('&', '&&');

/** With its access key: the letter where a word begins with it, or is in it; else behind the words, as in menus in Chinese. */
export function keyed(label: string, key: string): string {
  const place = [new RegExp(`(?<=^|\\s)${key}`, 'i'), new RegExp(key, 'i')]
    .map((where) => label.search(where))
    .find((at) => at >= 0);
  if (place !== undefined) return `${label.slice(0, place)}&${label.slice(place)}`;
  const end = label.endsWith('…') ? label.length - 1 : label.length;
  return `${label.slice(0, end)}(&${key.toUpperCase()})${label.slice(end)}`;
}

const item = (id: string, label: string, command: TrayCommand): TrayItem => ({ id, type: 'normal', label, command });
const separator = (id: string): TrayItem => ({ id, type: 'separator' });
