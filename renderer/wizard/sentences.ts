/** The headline and the lead of a review: what happens, for how long, and what can be undone. */
import { hostOf, isVmRef } from '../../src/core/cmdlets/ref.js';
import { parsePath } from '../../src/core/change/paths.js';
import { rootsOf } from '../../src/core/change/span.js';
import { hasAgreed, type Chain, type Plan } from '../../src/core/change/step.js';
import type { ThreeWay } from '../../src/core/run/undo.js';
import { nameOfSetting } from '../../src/core/change/values.js';
import type { Message, Translator } from '../../src/text/index.js';
import { rowsOf, type ChainGroup } from './groups.js';
import { makesOf } from './made.js';
import { settingOf } from './path.js';

/** `about 50 s`, `about 1½ minutes`: an estimate never pretends to be a measurement. */
export function about(t: Translator, seconds: number): string {
  if (seconds < 1.5) return t('wizard.aboutASecond');
  if (seconds < 57.5)
    return t('wizard.aboutSeconds', { count: seconds < 10 ? Math.round(seconds) : Math.round(seconds / 5) * 5 });
  const halves = Math.round(seconds / 30);
  if (halves % 2 === 0 || halves > 20) return t('wizard.aboutMinutes', { count: Math.round(halves / 2) });
  return t('wizard.aboutHalfMinutes', { count: (halves - 1) / 2 });
}

/** A measured time: `0.4 s`, `46 s`, `1 min 29 s`. */
export const took = (t: Translator, seconds: number): string =>
  seconds < 9.95 ? t('wizard.tookShort', { seconds: Math.max(0.1, seconds) }) : t('wizard.took', { time: seconds });

/** Seconds from the start of going down to the end of coming up; undefined where a part was never measured. */
function offEstimate(chain: Chain): number | undefined {
  if (chain.power === null) return undefined;
  const { down, off, up } = chain.power.estimate;
  const parts = [
    chain.power.down.length > 0 ? down : 0,
    chain.power.off.length > 0 ? (off ?? chain.power.off.length) : 0,
    chain.power.up.length > 0 ? up : 0,
  ];
  return parts.some((part) => part === undefined)
    ? undefined
    : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

export const goesDown = (chain: Chain): boolean => chain.power !== null && chain.power.before !== 'off';
const restarts = (chain: Chain): boolean => goesDown(chain) && chain.power?.after === 'running';
const starts = (chain: Chain): boolean => chain.power?.before === 'off' && chain.power.after === 'running';
const versionOf = (chain: Chain): string | undefined => {
  const row = rowsOf(chain).find(({ change }) => settingOf(change.path).key === 'version');
  return row && String(row.change.to);
};
const dropsState = (plan: Plan, chain: Chain): boolean => hasAgreed(plan, chain.vm, 'drop-saved-state');

/** A VM that was made goes, with its disk and all that is on it. */
export const removesVm = ({ steps }: Chain): boolean =>
  steps.some(({ removes }) => removes?.what === 'vm' || removes?.what === 'disk');
const removedVm = ({ chains }: Plan): string | undefined => chains.find(removesVm)?.name;
/** Nothing goes back: what was taken before the change goes. */
const removesCheckpoints = ({ goal }: Plan): boolean => goal.kind === 'undo' && goal.checkpoints === true;

/** Its plug is pulled, or a saved state is deleted: what was not saved in it is gone. */
export const losesWork = (plan: Plan): boolean =>
  removedVm(plan) !== undefined || plan.chains.some((chain) => turnsOff(chain) || dropsState(plan, chain));

export function headline(t: Translator, plan: Plan, threeWay?: readonly ThreeWay[]): string {
  const removed = removedVm(plan);
  if (removed !== undefined) {
    const isVm = plan.chains.some(({ steps }) => steps.some(({ removes }) => removes?.what === 'vm'));
    return t(isVm ? 'create.undoHeadline' : 'create.undoDiskHeadline', { name: removed });
  }
  if (plan.goal.kind === 'create')
    return t(plan.goal.vm.start ? 'create.headlineStarts' : 'create.headline', { name: plan.goal.vm.name });
  const [forced, ...more] = plan.chains.filter(turnsOff);
  if (forced)
    return t('wizard.turnOffHeadline', {
      name: more.length > 0 ? t('app.machines', { count: more.length + 1 }) : forced.name,
    });
  if (removesCheckpoints(plan)) return t('checkpoint.removeHeadline', { count: plan.chains.flatMap(rowsOf).length });
  if (threeWay) {
    const back = plan.chains.flatMap(rowsOf).length + plan.chains.flatMap(makesOf).length;
    const all = threeWay.filter(({ path, verdict }) => settingOf(path).key !== 'power' && verdict !== 'kept').length;
    const [first, ...others] = plan.chains;
    const removed = plan.chains.flatMap(rowsOf).filter(({ change }) => settingOf(change.path).key === 'made').length;
    if (first && others.length === 0 && removed > 0)
      return [
        isAllAround(first)
          ? t('network.undoHereHeadline', { count: removed })
          : t('network.undoHeadline', { count: removed, name: first.name }),
        ...(back > removed ? [t('network.undoSettings', { count: back - removed })] : []),
      ].join(t('wizard.between'));
    if (plan.chains.length > 1) {
      const down = plan.chains.filter(restarts).length;
      return [
        t('wizard.undoManyHeadline', { count: back, machines: plan.chains.length }),
        ...(down > 0 ? [t('wizard.undoManyRestart', { count: down })] : []),
      ].join(t('wizard.between'));
    }
    if (all <= 1 && back === 1) return t('wizard.undoOnly');
    return t('wizard.undoHeadline', { count: back, all: Math.max(all, back) });
  }
  const [first, ...others] = plan.chains;
  if (first === undefined) return '';
  return others.length === 0 ? headlineOfOne(t, plan, first) : headlineOfMany(t, plan);
}

/** What is removed is on this PC, not inside the VM. */
const isAllAround = ({ vm, steps }: Chain): boolean =>
  !isVmRef(hostOf(vm)) &&
  steps.every(({ changes }) => changes.every(({ path }) => parsePath(path)?.made?.isAround !== false));

function headlineOfOne(t: Translator, plan: Plan, chain: Chain): string {
  const { name } = chain;
  const count = rowsOf(chain).length;
  const inside = chain.power === null ? insideHeadline(t, plan, chain) : undefined;
  if (inside !== undefined) return inside;
  const roles = roleHeadline(t, chain);
  if (roles !== undefined) return roles;
  const version = versionOf(chain);
  if (dropsState(plan, chain)) return t('wizard.dropsHeadline', { name });
  if (version !== undefined) return t('wizard.versionHeadline', { name, version });
  if (restarts(chain)) return count > 0 ? t('wizard.restartsWith', { name, count }) : t('wizard.restarts', { name });
  if (goesDown(chain)) return count > 0 ? t('wizard.goesOffWith', { name, count }) : t('wizard.goesOff', { name });
  if (starts(chain)) return count > 0 ? t('wizard.startsWith', { name, count }) : t('wizard.starts', { name });
  return t('wizard.gets', { name, count });
}

/** What is made and connected inside; nothing of it is a setting of the VM. */
function insideHeadline(t: Translator, plan: Plan, chain: Chain): string | undefined {
  const { name } = chain;
  const own = [ownAddressHeadline(t, plan, chain), portHeadline(t, plan, chain)].filter((one) => one !== undefined);
  const made = makesOf(chain).length;
  const connected = connectionsOf(chain);
  if (own.length > 0)
    return [...own, ...(made + connected > 0 ? [t('network.nothingStops')] : [])].join(t('wizard.between'));
  if (made === 0 && connected === 0) return undefined;
  return [
    made > 0
      ? t('network.madeHeadline', { count: made, name })
      : t('network.connectHeadline', { count: connected, name }),
    interruptsOf(plan) ? t('network.interrupts', { name }) : t('network.nothingStops'),
  ].join(t('wizard.between'));
}

/** Where the VM itself gets an address that stays; by hand, which one is said with the commands. */
function ownAddressHeadline(t: Translator, plan: Plan, { vm, name }: Chain): string | undefined {
  const own = plan.wants.find((want) => want.vm === vm)?.want.address;
  if (!own) return undefined;
  return own.address
    ? t('network.stayHeadline', { name, address: own.address.address })
    : t('network.stayHeadlineByHand', { name, prefix: own.prefix });
}

/** Of one port, where it leads from now on. */
export function portHeadline(t: Translator, { wants }: Pick<Plan, 'wants'>, { vm, name }: Chain): string | undefined {
  const [port, ...more] = wants.find((want) => want.vm === vm)?.want.ports ?? [];
  if (!port || more.length > 0) return undefined;
  const params = { name, protocol: port.protocol, port: String(port.hostPort) };
  return t(port.vmPort === null ? 'ports.closed' : 'ports.opened', params);
}

/** What is turned on or off inside, which is why it restarts. */
function roleHeadline(t: Translator, chain: Chain): string | undefined {
  const { name } = chain;
  const [first, ...others] = rowsOf(chain).filter(({ change }) => settingOf(change.path).key === 'role');
  if (!first || !restarts(chain)) return undefined;
  if (others.length > 0) return t('inside.headlineMany', { name, count: others.length + 1 });
  const role = t.message(nameOfSetting(first.change.path));
  return t(first.change.to === 'Enabled' ? 'inside.headlineOn' : 'inside.headlineOff', { role, name });
}

const connectionsOf = (chain: Chain): number =>
  rowsOf(chain).filter(({ change }) => settingOf(change.path).key === 'switch' && change.to !== '').length;

function headlineOfMany(t: Translator, plan: Plan): string {
  const machines = plan.chains.length;
  const down = plan.chains.filter(restarts).length;
  const off = plan.chains.filter((chain) => goesDown(chain) && !restarts(chain)).length;
  if (down > 0) return t('wizard.manyRestart', { all: machines, count: down });
  if (off > 0) return t('wizard.manyGoOff', { all: machines, count: off });
  return t('wizard.manyChange', { count: machines });
}

/** Two sentences: what stops, and what can be undone. */
export function lead(t: Translator, plan: Plan, isOff: (chain: Chain) => boolean): string {
  if (removedVm(plan) !== undefined) return t('create.undoLead');
  if (plan.goal.kind === 'create') return t('create.lead');
  if (removesCheckpoints(plan)) return t('checkpoint.removeLead');
  return [...powerLead(t, plan, isOff), ...memorySum(t, plan), undoLead(t, plan)]
    .filter((sentence) => sentence !== '')
    .join(t('wizard.between'));
}

/** Its VMs are on several PCs. */
const onSeveral = ({ chains }: Plan): boolean => rootsOf(chains.map(({ vm }) => vm)).length > 1;

/** Of many: what they would take from the host at their next start, in all. */
function memorySum(t: Translator, plan: Plan): string[] {
  const { chains } = plan;
  // Of several PCs it is nobody's memory.
  if (chains.length < 2 || onSeveral(plan)) return [];
  const startup = chains.flatMap(rowsOf).filter(({ change }) => settingOf(change.path).key === 'memory.startup');
  const more = startup.reduce((sum, { change: { from, to } }) => sum + Number(to) - Number(from), 0);
  if (more === 0) return [];
  return [t(more > 0 ? 'wizard.memoryMoreInAll' : 'wizard.memoryLessInAll', { memory: Math.abs(more) })];
}

function powerLead(t: Translator, plan: Plan, isOff: (chain: Chain) => boolean): string[] {
  const [first, ...others] = plan.chains;
  if (first === undefined) return [];
  if (others.length > 0) {
    const estimates = plan.chains.filter(goesDown).map(offEstimate);
    if (estimates.length === 0) return [t('wizard.manyNothingStops')];
    const longest = estimates.reduce<number | undefined>(
      (most, one) => (most === undefined || one === undefined ? undefined : Math.max(most, one)),
      0,
    );
    const isOnMany = onSeveral(plan);
    if (longest === undefined) return [t(isOnMany ? 'wizard.pcsOffUnmeasured' : 'wizard.manyOffUnmeasured')];
    return [t(isOnMany ? 'wizard.pcsOffAbout' : 'wizard.manyOffAbout', { time: about(t, longest) })];
  }
  // Said in the headline.
  if (first.power === null && makesOf(first).length + connectionsOf(first) > 0) return [];
  if (first.power === null && interruptsOf(plan)) return [t('network.interrupts', { name: first.name })];
  if (first.power === null) return [t(isOff(first) ? 'wizard.offSoNothingStops' : 'wizard.nothingStops')];
  if (first.power.before === 'off')
    return [first.power.estimate.up === undefined ? '' : t('wizard.upIn', { time: about(t, first.power.estimate.up) })];
  if (first.power.after === 'off') return [t('wizard.staysOff')];
  const seconds = offEstimate(first);
  return [seconds === undefined ? t('wizard.offUnmeasured') : t('wizard.offAbout', { time: about(t, seconds) })];
}

const interruptsOf = (plan: Plan): boolean =>
  plan.consents.some(({ consent }) => consent === 'interrupt-guest-network');

function undoLead(t: Translator, plan: Plan): string {
  const rows = plan.chains.flatMap(rowsOf);
  if (plan.chains.some((chain) => makesOf(chain).length > 0)) return t('network.madeLead');
  if (rows.length === 0) return '';
  if (rows.some(({ change }) => settingOf(change.path).key === 'made')) return t('network.removedForGood');
  const lost = new Set(plan.oneWay.map(({ path }) => settingOf(path).key).filter((key) => key !== 'power'));
  const oneWay = plan.oneWay.filter(({ path }) => settingOf(path).key !== 'power').length;
  const restart = plan.chains.some(restarts);
  if (plan.chains.some(turnsOff)) return t('wizard.allBackButWork');
  // A pause or a saved state is used up by the change, whatever goes back later.
  if (oneWay === 0 && plan.oneWay.length > 0) return t('wizard.allBackButState');
  if (oneWay === 0 && restart) return t('wizard.allBackWithRestart');
  // The foot of an undo says so.
  if (oneWay === 0) return plan.goal.kind === 'undo' ? '' : t('wizard.allBack');
  if (oneWay >= rows.length) return t('wizard.noneBack');
  return lost.size === 1 && lost.has('version')
    ? t('wizard.allBackButVersion')
    : t('wizard.someBack', { count: oneWay });
}

/** It is not asked to shut down: its plug is pulled. */
export const turnsOff = ({ steps }: Chain): boolean =>
  steps.some((step) => 'call' in step.do && step.do.call.cmdlet === 'Stop-VM/TurnOff');

/** What becomes of VMs that fare alike, and how many they are. */
export const groupTitle = (t: Translator, { chains }: ChainGroup): string =>
  t(fareOf(chains[0]), { count: chains.length });

function fareOf(chain: Chain) {
  if (goesDown(chain)) return chain.power?.after === 'running' ? 'wizard.groupRestart' : 'wizard.groupGoOff';
  return chain.power ? 'wizard.groupStart' : 'wizard.groupKeep';
}

/** The same of all VMs of a plan, in a line. */
export function sumOf(t: Translator, { chains }: Plan): string {
  const kinds = new Set(chains.map(fareOf));
  const counted = [...kinds].map((kind) => t(kind, { count: chains.filter((chain) => fareOf(chain) === kind).length }));
  return counted.join(t('activity.joined'));
}

/** What the button says: the verb, and what it does to power. */
export function applyLabel(plan: Plan): Message {
  const putsBack = plan.goal.kind === 'undo';
  if (removedVm(plan) !== undefined) return { key: 'create.removeNow' };
  if (plan.goal.kind === 'create') return { key: plan.goal.vm.start ? 'create.applyAndStart' : 'create.apply' };
  if (removesCheckpoints(plan)) return { key: 'checkpoint.removeNow' };
  if (plan.oneWay.some(({ path }) => settingOf(path).key === 'savedState'))
    return { key: putsBack ? 'wizard.undoNow' : 'wizard.dropAndApply' };
  if (plan.chains.some(turnsOff)) return { key: 'wizard.turnOffAndApply' };
  if (plan.chains.some(goesDown)) {
    if (!plan.chains.some((chain) => rowsOf(chain).length > 0)) return { key: 'wizard.shutDown' };
    return { key: putsBack ? 'wizard.shutDownAndUndo' : 'wizard.shutDownAndApply' };
  }
  if (plan.oneWay.some(({ path }) => settingOf(path).key === 'version')) return { key: 'wizard.upgradeAndApply' };
  if (putsBack) return { key: 'wizard.undoNow' };
  const made = plan.chains.flatMap(makesOf);
  if (made.length > 0)
    return { key: made.every(({ makes }) => makes.what === 'mapping') ? 'ports.apply' : 'network.apply' };
  if (plan.chains.some((chain) => connectionsOf(chain) > 0)) return { key: 'network.connect' };
  if (plan.chains.some(starts)) {
    const changes = plan.chains.some((chain) => rowsOf(chain).length > 0);
    return { key: changes ? 'wizard.applyAndStart' : 'wizard.start' };
  }
  return { key: 'wizard.apply' };
}
