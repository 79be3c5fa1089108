/** Reads the VM of a step: as it is, when nothing is under way any more, or once it is as it was to become. */
import { idOf, hostOf, depthOf, wayTo } from '../cmdlets/ref.js';
import { isReached, valueAt } from '../change/values.js';
import { parsePath } from '../change/paths.js';
import { isAround, reachedBy, type Step } from '../change/step.js';
import type { Failure } from '../cmdlets/call.js';
import type { Vm } from '../machine/machine.js';
import type { Role } from '../machine/roles.js';
import { readinessOf } from '../machine/role-state.js';
import { homeIn, seenIn, type Seen } from '../machine/seen.js';
import { powerOf } from '../machine/vm-state.js';
import { madeBy } from '../network/things.js';
import type { RunDeps, Where } from './deps.js';
import { isCall, isShutDown } from './step-kinds.js';

/** Seconds that a VM may be on its way after a call without a reply (design §6). */
const SETTLE_WITHIN = 120;
/** Seconds until one can look into a guest that was started: Windows may be installing updates (domain §2). */
const BOOTS_WITHIN = 900;

export async function readOne(deps: RunDeps, step: Step, looksIn: boolean): Promise<Seen | Failure> {
  const id = idOf(step.vm);
  const where = { at: hostOf(step.vm), ...(looksIn ? insideOf(step) : {}), ...(isAround(step) && { around: true }) };
  const read = await deps.readVms([id], where);
  if ('kind' in read) return read;
  const vm = read.find((one) => one.id === id);
  return vm ? seenIn(deps.root?.() ?? null, step.vm, vm) : { kind: 'not-found' };
}

/** The machines that must be looked into for a step: those that its call goes through, beyond the one that its VM is in. */
function insideOf(step: Step): Pick<Where, 'inside' | 'roles'> {
  const { do: act, vm } = step;
  const inside = wayTo(reachedBy(step)).slice(depthOf(hostOf(vm)));
  if (inside.length === 0) return {};
  const roles = 'wait' in act || act.call.cmdlet.includes('WindowsOptionalFeature');
  return { inside, roles };
}

/** A guest that was started just now cannot be asked yet; one that never answers is not waited for. */
const isJustStarted = ({ state, shutdownService, uptime }: Vm): boolean =>
  state === 'Running' && shutdownService === 'not-answering' && uptime !== undefined && uptime < SETTLE_WITHIN;

/**
 * As it is when nothing is under way: what somebody else has begun is waited for. Turning off ends what hangs on its way.
 * `cameUp`: earlier steps of the chain have started or resumed it, so its services may take a moment, whatever its uptime.
 */
export function readSettled(deps: RunDeps, step: Step, cameUp: boolean): Promise<Seen | Failure> {
  // What is waited for is looked at then: until it is there the machine may refuse in every way.
  const looksIn = !('wait' in step.do);
  const isBooting = cameUp && looksIn && insideOf(step).inside !== undefined;
  const isAtRest = ({ vm }: Seen): boolean =>
    vm.state === undefined ||
    isCall(step, 'Stop-VM/TurnOff') ||
    (powerOf(vm) !== undefined &&
      !(isShutDown(step) && (isJustStarted(vm) || (cameUp && vm.shutdownService === 'not-answering'))));
  return pollUntil(step, deps, isBooting ? BOOTS_WITHIN : SETTLE_WITHIN, isAtRest, { looksIn, isBooting });
}

/** undefined: it is so now. */
export async function waitFor(
  step: Step,
  { wait, atMost }: Extract<Step['do'], { readonly wait: unknown }>,
  deps: RunDeps,
): Promise<Failure | undefined> {
  const holds = (vm: Vm): boolean =>
    'role' in wait ? isReady(vm, wait.role, wait.is) : (vm.heartbeat?.startsWith('Ok') ?? false);
  const seen = await pollUntil(step, deps, atMost, ({ vm }) => holds(vm) || deps.signal.aborted);
  if ('kind' in seen) return seen;
  return holds(seen.vm) ? undefined : { kind: deps.signal.aborted ? 'cancelled' : 'timed-out' };
}

/** After a call: power may still be on its way; without a reply, first wait until nothing is under way, then read. */
export async function readAfter(step: Step, deps: RunDeps, isUnknown: boolean): Promise<Seen | Failure> {
  const isPower = step.kind === 'power' && 'call' in step.do;
  const atMost = isPower || isUnknown ? SETTLE_WITHIN : step.kind === 'inside' || isOfThing(step) ? APPEARS_WITHIN : 0;
  return pollUntil(step, deps, atMost, (seen) => {
    if (powerOf(seen.vm) === undefined) return false;
    if (!isPower && !isMade(seen, step)) return isUnknown;
    return isUnknown || step.changes.every(({ path, to }) => isReached(valueAt(seen.vm, path, seen.around), to));
  });
}
const isOfThing = ({ makes, changes }: Step): boolean =>
  makes !== undefined || changes.some(({ path }) => parsePath(path)?.made !== undefined);

function isMade(seen: Seen, { makes }: Step): boolean {
  if (!makes) return true;
  const home = homeIn(seen, makes.at);
  return home !== undefined && madeBy(home, makes, []) !== undefined;
}

/** Seconds until what was made or set inside shows in what is read: an adapter of a new switch takes a moment. */
export const APPEARS_WITHIN = 15;

/** Proof of a role (domain §2): for Hyper-V all that it takes to be ready, for the others that the feature is on. */
function isReady(vm: Vm, role: Role, is: boolean): boolean {
  const state = vm.guest?.inside?.roles[role];
  if (!is) return state === 'Disabled' || state === 'Absent' || state === 'DisabledWithPayloadRemoved';
  // What else WSL 2 or an emulator need comes by no waiting for their feature.
  if (state !== 'Enabled' || role !== 'hyper-v') return state === 'Enabled';
  const readiness = readinessOf(vm, role);
  if (readiness.kind === 'ready') return true;
  // Whether a hypervisor runs is settled at boot: waiting brings none. The end page says what is missing.
  return readiness.kind === 'hypervisor' && readiness.cause === 'launch-type';
}

/** A session that was lost comes back by itself: asked again while there is time. */
const transient: readonly Failure['kind'][] = ['session-lost', 'timed-out', 'guest-busy'];
/** So does a guest that restarts: it refuses in every way until its services are up. */
const transientWhileBooting: readonly Failure['kind'][] = [
  ...transient,
  'guest-not-answering',
  'credential-refused',
  'wrong-state',
];

/** Reads until the condition holds or the time is over; the last reading either way. The pause grows to five seconds. */
async function pollUntil(
  step: Step,
  deps: RunDeps,
  atMost: number,
  holds: (seen: Seen) => boolean,
  { looksIn = true, isBooting = 'wait' in step.do } = {},
): Promise<Seen | Failure> {
  const end = deps.now() + atMost;
  const passing = isBooting ? transientWhileBooting : transient;
  for (let pause = 0.25; ; pause = Math.min(pause * 2, 5)) {
    const seen = await readOne(deps, step, looksIn);
    const isOver = deps.now() >= end;
    const isStopped = isBooting && deps.signal.aborted;
    if ('kind' in seen ? !passing.includes(seen.kind) || isOver || isStopped : holds(seen) || isOver) return seen;
    await deps.wait(pause);
  }
}
