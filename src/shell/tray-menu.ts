/** The tray's menu and icon as data: from what is known to labels, ticks and commands. Pure. */
import { accessOf, trayStateOf, type Access, type TrayState } from '../core/access.js';
import type { Guid } from '../core/call.js';
import type { VmWant } from '../core/goal.js';
import type { Machine, Vm, VmState } from '../core/machine.js';
import {
  canChangeSpoofing,
  canConnect,
  canResume,
  canShutDown,
  canStart,
  canTurnNestingOff,
  canTurnNestingOn,
  plainState,
  stateGroup,
} from '../core/vm-rules.js';
import type { Connection, Drift } from '../ipc/schema.js';
import type { MessageKey, Translator } from '../text/index.js';

export type TrayCommand =
  | { readonly kind: 'show' }
  | { readonly kind: 'open'; readonly page: 'machines' | 'settings'; readonly vm?: Guid }
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

export interface TrayFacts {
  readonly connection: Connection;
  readonly machine: Machine | null;
  readonly isSimulated: boolean;
  /** VMs that a run of the app is changing now. */
  readonly busy: ReadonlySet<Guid>;
  readonly hasCutShort: boolean;
  readonly drifts: readonly Drift[];
  /** What is shown is old: the machines cannot be read just now. */
  readonly isFailing: boolean;
}

/** So many VMs a menu can hold and still be looked through. */
export const mostVms = 25;
/** Hyper-V allows 100 characters; a menu is not the place for them. */
const longestName = 60;

/** Which of the five icons. */
export function trayIcon({ connection, machine, busy, hasCutShort, isFailing, drifts }: TrayFacts): TrayState {
  return trayStateOf(accessOf(connection, machine), busy.size > 0, hasCutShort || isFailing || drifts.length > 0);
}

export function trayMenu(facts: TrayFacts, t: Translator): readonly TrayItem[] {
  const access = accessOf(facts.connection, facts.machine);
  const vms = access.kind === 'ok' && facts.machine?.vms ? facts.machine.vms : [];
  const shown = shownVms(vms, facts.busy);
  return [
    { id: 'status', type: 'normal', label: escapeLabel(trayStatus(facts, t)), enabled: false },
    ...driftItems(facts.drifts, t),
    separator('after-status'),
    ...(facts.machine ? shown.map((vm) => vmItem(vm, facts.machine, facts.busy, t)) : []),
    ...(vms.length > shown.length
      ? [item('all', t('tray.allMachines', { count: vms.length }), { kind: 'open', page: 'machines' })]
      : []),
    ...(vms.length > 0 ? [separator('after-vms')] : []),
    item('open', t('tray.open'), { kind: 'show' }),
    item('settings', t('tray.settings'), { kind: 'open', page: 'settings' }),
    item('quit', t('tray.quit'), { kind: 'quit' }),
  ];
}

/** Leads to the VM that was changed by something else; where there are several, to all. */
function driftItems(drifts: readonly Drift[], t: Translator): readonly TrayItem[] {
  const [drift] = drifts;
  if (!drift) return [];
  const vm = drifts.length === 1 ? { vm: drift.vm } : {};
  return [item('drift', t('tray.driftOpen'), { kind: 'open', page: 'machines', ...vm })];
}

/** One line: the tooltip, and the first line of the menu. */
export function trayStatus(facts: TrayFacts, t: Translator): string {
  const status = plainStatus(facts, accessOf(facts.connection, facts.machine), t);
  return facts.isSimulated ? t('tray.simulated', { status }) : status;
}

function plainStatus(
  { machine, busy, hasCutShort, isFailing, drifts }: TrayFacts,
  access: Access,
  t: Translator,
): string {
  const pc = machine?.host.name ?? t('tray.thisPc');
  switch (access.kind) {
    case 'starting':
      return t('tray.starting');
    case 'lost':
      return t('tray.lost');
    case 'no-access':
      return t('tray.noAccess', { pc });
    case 'joined-not-signed-out':
      return t('tray.signOut', { pc });
    case 'no-hyper-v':
      return t('tray.noHyperV', { pc });
    case 'service-stopped':
      return t('tray.stopped', { pc });
    case 'module-blocked':
    case 'constrained-language':
      return t('tray.blocked', { pc });
    case 'ok':
      break;
  }
  const vms = machine?.vms ?? [];
  const changing = vms.filter(({ id }) => busy.has(id));
  const [first] = changing;
  if (first && changing.length === 1) return t('tray.working', { pc, name: plainName(first.name) });
  if (busy.size > 0) return t('tray.workingMany', { pc, count: busy.size });
  if (hasCutShort) return t('tray.cutShort', { pc });
  if (isFailing) return t('tray.failing', { pc });
  const [drift] = drifts;
  if (drift && drifts.length === 1) return t('tray.drifted', { pc, name: plainName(drift.name) });
  if (drift) return t('tray.driftedMany', { pc, count: drifts.length });
  if (vms.length === 0) return t('tray.empty', { pc });
  const running = vms.filter(({ state }) => state !== undefined && plainState(state) === 'Running').length;
  return t('tray.ready', { pc, running, all: vms.length });
}

/** What changes and what runs comes first, so that a cut falls on what is off; names keep their order. */
function shownVms(vms: readonly Vm[], busy: ReadonlySet<Guid>): readonly Vm[] {
  const rank = (vm: Vm): number => (busy.has(vm.id) ? 0 : stateGroup(vm) === 'running' ? 1 : 2);
  return vms.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostVms);
}

function vmItem(vm: Vm, machine: Machine | null, busy: ReadonlySet<Guid>, t: Translator): TrayItem {
  const state = t(stateKeys[plainState(vm.state ?? 'Other')] ?? 'machines.stateUnknown');
  const key = vm.problem ? 'tray.vmProblem' : 'tray.vm';
  const isFree = !busy.has(vm.id);
  const want = (wanted: VmWant, review = false): TrayCommand => ({ kind: 'want', vm: vm.id, want: wanted, review });
  const action = (name: string, label: string, command: TrayCommand, enabled: boolean): TrayItem => ({
    ...item(`${name}:${vm.id}`, label, command),
    enabled,
  });
  return {
    id: `vm:${vm.id}`,
    type: 'submenu',
    label: escapeLabel(t(key, { name: plainName(vm.name), state })),
    submenu: [
      nestingItem(vm, machine, isFree, t),
      spoofingItem(vm, isFree, t),
      separator(`after-ticks:${vm.id}`),
      canResume(vm)
        ? action('resume', t('tray.resume'), want({ power: 'running' }), isFree)
        : action('start', t('tray.start'), want({ power: 'running' }), isFree && canStart(vm)),
      action('shut-down', t('tray.shutDown'), want({ power: 'off' }, true), isFree && canShutDown(vm)),
      action('connect', t('tray.connect'), { kind: 'connect', vm: vm.id }, canConnect(vm)),
      action('open', t('tray.openVm'), { kind: 'open', page: 'machines', vm: vm.id }, true),
    ],
  };
}

function nestingItem(vm: Vm, machine: Machine | null, isFree: boolean, t: Translator): TrayItem {
  const isOn = vm.nesting === true;
  const switchable = isOn ? canTurnNestingOff(vm) : machine ? canTurnNestingOn(machine, vm) : undefined;
  const review = switchable?.can === 'review';
  return {
    id: `nesting:${vm.id}`,
    type: 'checkbox',
    label: t(review ? 'tray.nestingReview' : 'tray.nesting'),
    checked: isOn,
    enabled: isFree && switchable !== undefined && switchable.can !== 'no',
    command: { kind: 'want', vm: vm.id, want: { nesting: !isOn }, review },
  };
}

/** The tick stands for all adapters; where there are several the wizard shows which. */
function spoofingItem(vm: Vm, isFree: boolean, t: Translator): TrayItem {
  const adapters = vm.adapters ?? [];
  const isOn = adapters.length > 0 && adapters.every(({ macSpoofing }) => macSpoofing === 'On');
  const review = adapters.length > 1;
  const isKnown = adapters.every(({ macSpoofing }) => macSpoofing !== undefined);
  const macSpoofing = isOn ? 'Off' : 'On';
  return {
    id: `spoofing:${vm.id}`,
    type: 'checkbox',
    label: t(review ? 'tray.spoofingReview' : 'tray.spoofing'),
    checked: isOn,
    enabled: isFree && isKnown && canChangeSpoofing(vm),
    command: {
      kind: 'want',
      vm: vm.id,
      want: { adapters: Object.fromEntries(adapters.map(({ id }) => [id, { macSpoofing }])) },
      review,
    },
  };
}

const item = (id: string, label: string, command: TrayCommand): TrayItem => ({ id, type: 'normal', label, command });
const separator = (id: string): TrayItem => ({ id, type: 'separator' });

const stateKeys: Readonly<Partial<Record<VmState, Extract<MessageKey, `machines.state${string}`>>>> = {
  Running: 'machines.stateRunning',
  Off: 'machines.stateOff',
  Saved: 'machines.stateSaved',
  FastSaved: 'machines.stateSaved',
  Hibernated: 'machines.stateHibernated',
  Paused: 'machines.statePaused',
  Starting: 'machines.stateStarting',
  Reset: 'machines.stateStarting',
  ForceReboot: 'machines.stateStarting',
  Stopping: 'machines.stateStopping',
  ForceShutdown: 'machines.stateStopping',
  Saving: 'machines.stateSaving',
  FastSaving: 'machines.stateSaving',
  Pausing: 'machines.statePausing',
  Resuming: 'machines.stateResuming',
};

/**
 * A name in a line of ours, in a menu or a toast: on one line, not too long, and unable to turn the words around it. An isolate (U+2068…U+2069)
 * ends what a name begins; it is used only where the name holds such characters, since some menus draw it as a box.
 */
export function plainName(name: string): string {
  const oneLine = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = Array.from(oneLine); // by code points: half of a pair is no character
  const short = characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : oneLine;
  if (short === '') return '“ ”';
  return turnsDirection.test(short) ? `\u2068${short.replace(/[\u2066-\u2069\u202a-\u202e]/g, '')}\u2069` : short;
}
/** Marks that turn the direction, and letters that are written from right to left. */
const turnsDirection = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** In a menu & marks the key and a tab cuts off what stands at the right. */
export const escapeLabel = (label: string): string => label.replaceAll('&', '&&').replaceAll('\t', ' ');
