/**
 * A chain in which a VM of a PC is made, or one that was made is taken away: there is none to be read before or after. What is
 * set once it is there is carried out as for any other VM.
 */
import { hostOf, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import { bound, isOfVm } from '../change/new-vm.js';
import type { Chain, Plan, Step } from '../change/step.js';
import type { CallResult, Failure, HostCall } from '../cmdlets/call.js';
import { diskCall, diskOf } from '../machine/disk-reading.js';
import { readDiskUsers } from '../machine/disk-users.js';
import type { Thing } from '../machine/goal.js';
import type { Disk } from '../machine/machine.js';
import { madeDisk } from '../network/thing-disk.js';
import { ChainRun, type ChainDeps } from './chain-run.js';
import { isInterrupted, isStopped } from './deps.js';
import { otherwiseThan } from './made-as-asked.js';
import type { RunOutcome, StepState, StepTold } from './record.js';
import { act } from './step-end.js';

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
    const facts = goal.kind === 'create' ? await otherwiseThan(this.deps.host, made, goal.vm) : [];
    if (facts.length === 0) return true;
    const what = facts.map(({ source, value }) => `${source}: ${value === null ? '?' : String(value)}`).join(', ');
    const { vm, name } = this.chain;
    await this.deps.record({ kind: 'stopped', vm, why: { key: 'create.otherwise', params: { vm: name, what } } });
    return false;
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
    const after = await this.#look(step);
    if ('kind' in after) return this.#failed(step, 'unknown', after);
    const made = madeOf(step, ids ?? [], after);
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

  async #look(step: Step): Promise<Found | Failure> {
    const path = diskPathOf(step);
    const calls: readonly HostCall[] = [path === undefined ? listCall(this.#at) : diskCall(this.#at, path)];
    const [result] = await this.deps.host.call(calls, undefined);
    if (path !== undefined) {
      const disk = diskOf(path, result as CallResult<'Get-VHD'> | undefined);
      return 'kind' in disk ? disk : { disk };
    }
    return listOf(result as CallResult<'Get-VM'> | undefined);
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
function obstacleTo({ makes, removes }: Step, { disk }: Found): Failure | undefined {
  if (makes?.what === 'disk' && typeof disk?.id === 'string') return { kind: 'exists' };
  if (removes?.what === 'disk' && disk?.id !== removes.id) return { kind: 'not-found' };
  return undefined;
}

function madeOf({ makes }: Step, before: readonly string[], { disk, vms }: Found): Thing | undefined {
  if (makes?.what === 'disk') return disk && madeDisk(makes, disk);
  if (makes?.what !== 'vm') return undefined;
  const vm = vms?.find(({ id, name }) => name === makes.name && !before.includes(id));
  return vm && { what: 'vm', at: makes.at, id: vm.id, name: vm.name };
}

/** What goes is gone; a VM that goes down is off. */
function isGone({ removes, changes, do: acted }: Step, { disk, vms }: Found): boolean {
  if (removes?.what === 'disk') return disk?.id !== removes.id;
  if (removes) return vms !== undefined && !vms.some(({ id }) => id === removes.id);
  const target = 'call' in acted && acted.call.on && 'vm' in acted.call.on ? acted.call.on.vm : undefined;
  const vm = vms?.find(({ id }) => id === target);
  return changes.every(({ to }) => to === 'off') && (!vm || vm.state?.startsWith('Off') === true);
}

export const isLifetime = ({ steps }: Chain): boolean => steps.some(({ makes, removes }) => isOfVm(makes ?? removes));
