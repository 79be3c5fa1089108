/**
 * A chain without a VM to be read before and after: one of a PC is made, or goes again, or what was made around one that somebody
 * has deleted goes. What is set once a VM is there is carried out as for any other.
 */
import { hostOf, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import { bound, isOfVm } from '../change/new-vm.js';
import type { Chain, Plan, Step } from '../change/step.js';
import type { CallResult, Failure, HostCall } from '../cmdlets/call.js';
import { diskCall, diskOf } from '../machine/disk-reading.js';
import { readDiskUsers } from '../machine/disk-users.js';
import type { Thing } from '../machine/goal.js';
import type { Disk, Machine } from '../machine/machine.js';
import { machineAt } from '../machine/tree.js';
import { madeDisk } from '../network/thing-disk.js';
import { isThere, sameAs } from '../network/things.js';
import { ChainRun, type ChainDeps } from './chain-run.js';
import { isInterrupted, isStopped } from './deps.js';
import { otherwiseThan } from './made-as-asked.js';
import type { RunOutcome, StepState, StepTold } from './record.js';
import { act } from './step-end.js';
import { APPEARS_WITHIN } from './waiting.js';

/** A VM as the list of its PC has it. */
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string | undefined;
}
/** What is there of what a step makes or takes away. */
interface Found {
  readonly disk?: Disk;
  readonly vms?: readonly Listed[];
  /** The machine that it is in, with its switches, addresses and NAT networks. */
  readonly home?: Machine;
}

export class LifetimeRun {
  #done = 0;
  readonly #at: MachineRef;

  constructor(
    private readonly plan: Plan,
    private readonly chain: Chain,
    private readonly deps: ChainDeps,
  ) {
    this.#at = hostOf(chain.vm);
  }

  async run(): Promise<RunOutcome> {
    let left = this.chain.steps;
    for (let [step] = left; step; [step] = left) {
      const { deps } = this;
      if (!deps.canBegin()) return this.#leave(left);
      if (isStopped(deps)) return this.#end('cancelled', left, 'cancelled');
      const made = await this.#carryOut(step);
      left = left.slice(1);
      if (typeof made === 'string') return this.#end(made, left, 'skipped');
      this.#done++;
      if (made?.what === 'vm') return this.#goOn(left, made.id);
    }
    return 'done';
  }

  /** The VM has an id now: the rest is about that one. */
  async #goOn(left: readonly Step[], id: string): Promise<RunOutcome> {
    const chain = bound(this.chain, left, id);
    const shown = this.chain.vm;
    await this.deps.record({ kind: 'replanned', vm: shown, because: [], chain });
    // Told by what the chain was called when the plan was shown.
    const record: ChainDeps['record'] = (happening) =>
      this.deps.record('vm' in happening && happening.vm === chain.vm ? { ...happening, vm: shown } : happening);
    const release = await this.deps.lock(chain.vm);
    try {
      const outcome = await new ChainRun(this.plan, chain, { ...this.deps, record }).run();
      if (outcome !== 'done') return outcome === 'unknown' ? outcome : 'partly';
      return (await this.#isAsAsked(chain.vm)) ? 'done' : 'partly';
    } finally {
      release();
    }
  }

  /** Windows took all of it without an error; what no step has read back is looked at now. */
  async #isAsAsked(made: VmRef): Promise<boolean> {
    const { goal } = this.plan;
    const why = goal.kind === 'create' ? await otherwiseThan(this.deps.host, made, goal.vm) : undefined;
    if (why) await this.deps.record({ kind: 'stopped', vm: this.chain.vm, why });
    return why === undefined;
  }

  /** What it has made, nothing, or how it failed. */
  async #carryOut(step: Step): Promise<Thing | undefined | 'failed' | 'unknown' | 'cancelled'> {
    const before = await this.#look(step);
    if ('kind' in before) return this.#failed(step, 'failed', before);
    const obstacle = obstacleTo(step, before) ?? (await this.#whoUses(step));
    if (obstacle) return this.#failed(step, 'failed', obstacle);
    const ids = step.makes && (before.vms?.map(({ id }) => id) ?? []);
    if (!(await this.#tell(step, 'running', { found: step.changes, ...(ids && { before: ids }) }))) return 'cancelled';
    const acted = await act(step, this.deps);
    // It was never sent, or Windows refused it: what is there now somebody else has made.
    if (acted.kind === 'failed' || (acted.kind === 'refused' && step.makes))
      return this.#failed(step, 'failed', acted.failure);
    const after = await this.#lookAfter(step, acted.kind === 'done' ? APPEARS_WITHIN : 0);
    if ('kind' in after) return this.#failed(step, 'unknown', after);
    const made = madeOf(step, ids ?? [], after, acted.kind === 'done' ? acted.id : undefined);
    if (step.makes ? made : isGone(step, after)) {
      const readBack = step.changes;
      await this.#tell(step, 'done', { readBack, ...(made && { made }) });
      return made;
    }
    if (acted.kind === 'done') return this.#failed(step, 'failed', { kind: 'not-taken' });
    return this.#failed(step, acted.kind === 'unknown' ? 'unknown' : 'failed', acted.failure);
  }

  /** Somebody may have based a VM on it since the plan was shown: a disk goes only while no VM that is left has it. */
  async #whoUses({ removes }: Step): Promise<Failure | undefined> {
    if (removes?.what !== 'disk') return undefined;
    const [result] = await this.deps.host.call([listCall(this.#at)], undefined);
    const listed = listOf(result);
    if ('kind' in listed) return listed;
    const users = await readDiskUsers(this.deps.host, this.#at, listed.vms?.map(({ id }) => id) ?? []);
    if (!users) return { kind: 'unexpected' };
    return (users.get(removes.path.toLowerCase())?.size ?? 0) > 0 ? { kind: 'in-use' } : undefined;
  }

  /** What has gone may be shown for a moment longer. `atMost`: seconds. */
  async #lookAfter(step: Step, atMost: number): Promise<Found | Failure> {
    const { now, wait } = this.deps;
    for (const end = now() + atMost; ; await wait(1)) {
      const after = await this.#look(step);
      if ('kind' in after || step.makes || isGone(step, after) || now() >= end) return after;
    }
  }

  async #look(step: Step): Promise<Found | Failure> {
    if (step.removes && !isOfVm(step.removes)) return this.#lookAround(step.removes);
    const path = diskPathOf(step);
    const calls: readonly HostCall[] = [path === undefined ? listCall(this.#at) : diskCall(this.#at, path)];
    const [result] = await this.deps.host.call(calls, undefined);
    if (path !== undefined) {
      const disk = diskOf(path, result as CallResult<'Get-VHD'> | undefined);
      return 'kind' in disk ? disk : { disk };
    }
    return listOf(result as CallResult<'Get-VM'> | undefined);
  }

  async #lookAround({ at }: Thing): Promise<Found | Failure> {
    const read = await this.deps.readVms([], { at, around: true });
    if ('kind' in read) return read;
    const home = machineAt(this.deps.root?.() ?? null, at);
    return home ? { home } : { kind: 'session-lost' };
  }

  #tell(step: Step, state: StepState, more: Partial<StepTold> = {}): Promise<boolean> {
    return this.deps.record({ kind: 'step', vm: this.chain.vm, step: step.id, state, ...more });
  }

  async #failed<How extends 'failed' | 'unknown'>(step: Step, how: How, failure: Failure): Promise<How> {
    await this.#tell(step, how, { failure });
    return how;
  }

  async #end(
    outcome: 'failed' | 'unknown' | 'cancelled',
    left: readonly Step[],
    how: 'skipped' | 'cancelled',
  ): Promise<RunOutcome> {
    for (const step of left) await this.#tell(step, how);
    return outcome !== 'unknown' && this.#done > 0 ? 'partly' : outcome;
  }

  /** The sign-in ends, which the next start asks about; or nothing more can be written down. */
  async #leave(left: readonly Step[]): Promise<RunOutcome> {
    if (isInterrupted(this.deps)) return this.#done > 0 ? 'partly' : 'cancelled';
    return this.#end('failed', left, 'skipped');
  }
}

const listCall = (at: MachineRef): HostCall<'Get-VM'> => ({ cmdlet: 'Get-VM', params: {}, at });

function listOf(result: CallResult<'Get-VM'> | undefined): Found | Failure {
  if (!result || !('rows' in result)) return failureIn(result);
  // Of a VM whose other properties cannot be read all that counts here is known.
  const error = result.errors.find(({ property }) => property === undefined);
  if (error) return error;
  const vms = result.rows.flatMap(({ Id, Name, State }) =>
    Id === undefined ? [] : [{ id: Id.toLowerCase(), name: Name ?? '', state: State }],
  );
  return { vms };
}
const failureIn = (result: Exclude<CallResult, { readonly rows: unknown }> | undefined): Failure =>
  !result ? { kind: 'session-lost' } : 'failed' in result ? result.failed : result.failure;

function diskPathOf({ makes, removes }: Step): string | undefined {
  if (makes?.what === 'disk') return makes.disk.path;
  return removes?.what === 'disk' ? removes.path : undefined;
}

/** Somebody else was quicker, or it is not what was made any more. */
function obstacleTo({ makes, removes }: Step, { disk, home }: Found): Failure | undefined {
  if (makes?.what === 'disk' && typeof disk?.id === 'string') return { kind: 'exists' };
  if (removes && home) return sameAs(home, removes) ? undefined : { kind: 'not-found' };
  if (removes?.what === 'disk' && disk?.id !== removes.id) return { kind: 'not-found' };
  return undefined;
}

/** `id`: what Windows says that it has made; without it the only new VM of that name is taken for it. */
function madeOf(
  { makes }: Step,
  before: readonly string[],
  { disk, vms = [] }: Found,
  id: string | undefined,
): Thing | undefined {
  if (makes?.what === 'disk') return disk && madeDisk(makes, disk);
  if (makes?.what !== 'vm') return undefined;
  const fresh = vms.filter((one) => (id === undefined ? one.name === makes.name : one.id === id));
  const [vm, ...others] = fresh.filter((one) => !before.includes(one.id));
  return vm && others.length === 0 ? { what: 'vm', at: makes.at, id: vm.id, name: vm.name } : undefined;
}

/** What goes is gone; a VM that goes down is off. */
function isGone({ removes, changes, do: acted }: Step, { disk, vms, home }: Found): boolean {
  if (removes && home) return isThere(home, removes) === 'gone';
  if (removes?.what === 'disk') return disk?.id !== removes.id;
  if (removes) return vms !== undefined && !vms.some(({ id }) => id === removes.id);
  const target = 'call' in acted && acted.call.on && 'vm' in acted.call.on ? acted.call.on.vm : undefined;
  const vm = vms?.find(({ id }) => id === target);
  return changes.every(({ to }) => to === 'off') && (!vm || vm.state?.startsWith('Off') === true);
}

export const isLifetime = ({ steps }: Chain): boolean =>
  steps.some(({ makes, removes }) => isOfVm(makes) || removes !== undefined);
