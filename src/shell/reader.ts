/** Reads a machine with as few calls as will do: all of it, or only what a tick says has changed. */
import { vmIn, isVmRef, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { ask } from '../core/cmdlets/batch.js';
import type { Failure, Guid, Host } from '../core/cmdlets/call.js';
import { diff } from '../core/machine/patch.js';
import type { HostFacts, Machine, Made, Vm } from '../core/machine/machine.js';
import type { Where } from '../core/run/deps.js';
import { machineAt, vmAt, withMachine } from '../core/machine/tree.js';
import { assembleNetwork, networkCalls } from '../core/machine/network-snapshot.js';
import { portCalls, withPorts } from '../core/machine/port-reading.js';
import { freeMemoryCall, freeMemoryOf, switchesCall, switchesFrom } from '../core/machine/host-reading.js';
import { assembleMachine, snapshotCalls } from '../core/machine/snapshot.js';
import { changedBy, tickCalls, tickOf, withSamples, withVms, type Tick } from '../core/machine/tick.js';
import { assembleVms, vmCalls } from '../core/machine/vm-reading.js';
import { readOf } from '../core/cmdlets/reads.js';
import { samplesOf, type Samples } from '../core/machine/running-inside.js';
import { assembleThirdParty, thirdPartyCalls } from '../core/machine/third-party.js';
import { readGuest } from './guest-reading.js';
import { Locks } from './locks.js';
import {
  countersCall,
  goneIn,
  hasNat,
  isPassing,
  isSessionGone,
  isTimedOut,
  nestingRuns,
  NotRead,
  obstacleOf,
  probeCalls,
  withoutFailed,
  withVmsOf,
  type Attention,
  type Reading,
} from './readings.js';
import { isFullDue, isNetworkDue } from './schedule.js';
import { ifRead } from '../core/machine/reading.js';

export class MachineReader {
  /** One reading at a time: each starts from what the one before has found. */
  readonly #turns = new Locks();
  #machine: Machine | null = null;
  #tick: Tick | undefined;
  /** How the tick and the services answered when VMs could not be seen; undefined: it may be another way the next time. */
  #obstacle: string | undefined;
  #samples: Samples | undefined;
  #lastFull: number | undefined;
  #networkAt: number | undefined;

  constructor(
    private readonly host: Host,
    private readonly at: HostId,
    /** Milliseconds that never jump, and the time of day. */
    private readonly time: { readonly now: () => number; readonly date: () => Date },
    private readonly heard: (reading: Reading) => void,
    /** NAT networks that runs have made inside VMs. */
    private readonly made: () => Made | undefined = () => undefined,
    /** The session may not see the VMs any more, and they stay as they were read last: an empty list says nothing of them. */
    private readonly keepsVms: () => boolean = () => false,
    /** What is known of this PC that no cmdlet says. */
    private readonly besides: () => Pick<HostFacts, 'tried' | 'startedAt'> = () => ({}),
  ) {}

  get machine(): Machine | null {
    return this.#machine;
  }

  /** Where the session does not answer nothing new is known, and nothing is heard. */
  async read(attention: Attention): Promise<void> {
    await this.#turns.inTurn(() => this.#read(attention));
    // After it, so that nobody waits for it: nine small queries of CIM.
    if (this.#needsNetwork(attention)) await this.readNetwork();
  }

  #needsNetwork({ isBack = false }: Attention): boolean {
    const machine = this.#machine;
    if (machine?.vms === undefined) return false;
    if (this.#networkAt === undefined || this.#networkAt < (this.#lastFull ?? 0)) return true;
    return hasNat(machine) && (isBack || isNetworkDue(this.#networkAt, this.time.now()));
  }

  /**
   * These VMs in full, now; those that are gone are left out. With `inside`, those machines are looked into while they run,
   * and the first that cannot be is the failure.
   */
  async readVms(ids: readonly Guid[], where: Where): Promise<readonly Vm[] | Failure> {
    const { at, inside = [], roles = false, around = false } = where;
    if (this.keepsVms()) return { kind: 'access-denied' };
    const read = await (isVmRef(at) ? this.#readNested(ids, at, around) : this.#readOwn(ids, around));
    if ('kind' in read || inside.length === 0) return read;
    for (const path of inside) {
      if (vmAt(this.#machine, path)?.state !== 'Running') continue;
      const failure = await this.readGuest(path, { roles });
      if ('kind' in failure) return failure;
    }
    return read.flatMap(({ id }) => vmAt(this.#machine, vmIn(at, id)) ?? []);
  }

  /** Looks inside a machine. What is found stands in the tree then. */
  async readGuest(at: VmRef, { roles }: { readonly roles: boolean }): Promise<Machine | Failure> {
    if (this.keepsVms()) return { kind: 'access-denied' };
    const now = this.time.date().toISOString();
    const guest = await readGuest(this.host, at, now, { known: machineAt(this.#machine, at), roles });
    if ('kind' in guest) return guest;
    await this.#put((before) => withMachine(before, at, guest));
    return guest;
  }

  /** It has gone down, or nobody is signed in there any more. */
  async forgetGuest(at: VmRef): Promise<void> {
    await this.#put((before) => withMachine(before, at, null));
  }

  /** Switches, addresses and routes of this PC. */
  async readNetwork(): Promise<Failure | undefined> {
    this.#networkAt = this.time.now();
    const calls = { ...networkCalls(this.at), ...portCalls(this.at), switches: switchesCall(this.at) };
    const answers = await ask(this.host, calls);
    const gone = goneIn(Object.values(answers));
    if (gone) return gone;
    const network = withPorts(assembleNetwork(answers, this.time.date().toISOString()), answers);
    const switches = switchesFrom(answers.switches);
    await this.#put((before) => ({ ...before, network, host: { ...before.host, switches } }));
    return undefined;
  }

  /** bytes that are free on this PC now; undefined: not read. */
  async readFreeMemory(): Promise<number | undefined> {
    const [result] = await this.host.call([freeMemoryCall(this.at)]);
    return freeMemoryOf(readOf(result).rows?.[0]);
  }

  /** Virtualization of other makers on this PC: once, and again when everything is asked for. Not at a tick. */
  async readThirdParty({ all }: Pick<Attention, 'all'>): Promise<void> {
    const machine = this.#machine;
    // A list of programs may take longer than the ticks that come meanwhile.
    if (!machine || this.#isLooking || (machine.thirdParty && !all)) return;
    this.#isLooking = true;
    try {
      const answers = await ask(this.host, thirdPartyCalls(this.at));
      if (goneIn(Object.values(answers))) return;
      const thirdParty = assembleThirdParty(answers, this.time.date().toISOString());
      await this.#put((before) => ({ ...before, thirdParty }));
    } finally {
      this.#isLooking = false;
    }
  }
  #isLooking = false;

  /** What was read stands in the tree then; where a machine is gone, nothing of it does. */
  #put(change: (before: Machine) => Machine): Promise<void> {
    return this.#turns.inTurn(() => {
      const before = this.#machine;
      if (before) this.#take(before, change(before));
      return Promise.resolve();
    });
  }

  /** VMs inside a machine: they stand in its place of the tree then. */
  async #readNested(ids: readonly Guid[], at: VmRef, around: boolean): Promise<readonly Vm[] | Failure> {
    if (around || !machineAt(this.#machine, at)) {
      const entered = await this.readGuest(at, { roles: false });
      if ('kind' in entered) return entered;
    }
    const results = ids.length > 0 ? await this.host.call(vmCalls(at, ids)) : [];
    const gone = results.find((result) => 'failed' in result && !('rows' in result));
    const take = (): readonly Vm[] | Failure => {
      const before = this.#machine;
      const known = machineAt(before, at);
      if (!before || !known) return gone && 'failed' in gone ? gone.failed : { kind: 'no-credentials' };
      const read = assembleVms(at, results, ids, this.#context(known));
      const [failed] = read.failed;
      if (failed) return failed.failure;
      this.#take(before, withMachine(before, at, withVms(known, read.vms, read.gone)));
      return read.vms;
    };
    return this.#turns.inTurn(() => Promise.resolve(take()));
  }

  async #readOwn(ids: readonly Guid[], around: boolean): Promise<readonly Vm[] | Failure> {
    const unread = around ? await this.readNetwork() : undefined;
    if (unread) return unread;
    return this.#turns.inTurn(async () => {
      const before = this.#machine;
      if (!before) return { kind: 'session-lost' };
      const results = ids.length > 0 ? await this.host.call(vmCalls(this.at, ids)) : [];
      const gone = goneIn(results);
      if (gone) return gone;
      const read = assembleVms(this.at, results, ids, this.#context(before));
      const [failed] = read.failed;
      if (failed) return failed.failure;
      // "Not found" is what Windows says of a stopped service too: that one is gone is said by the next tick alone.
      this.#tick &&= withoutFailed(this.#tick, new Set(read.gone));
      this.#take(before, withVms(before, read.vms, []));
      return read.vms;
    });
  }

  #take(before: Machine | null, read: Machine): void {
    const machine = before?.vms !== undefined && this.keepsVms() ? withVmsOf(before, read) : read;
    this.#machine = machine;
    this.heard({ machine, before, patch: before ? diff(before, machine) : { readAt: machine.host.readAt } });
  }

  #context(previous: Machine | null) {
    const made = this.made();
    return { handshake: this.host.handshake, now: this.time.date().toISOString(), previous, ...(made && { made }) };
  }

  async #read(attention: Attention): Promise<void> {
    const before = this.#machine;
    const { handshake } = this.host;
    // Time stood still while the PC slept: what changed meanwhile is looked for all the same.
    const isFull = attention.all || attention.isBack || before === null || isFullDue(this.#lastFull, this.time.now());
    const machine = await (isFull
      ? this.#readAll()
      : before.vms === undefined || this.keepsVms()
        ? this.#probe(before)
        : this.#readChanged(before, attention.vms));
    // What two sessions of unlike rights have told by halves is not true of either: the new one is asked anew.
    if (machine && this.host.handshake === handshake) this.#take(before, machine);
  }

  /** While VMs cannot be seen: two queries tell whether that may have changed; only then all is read again. */
  async #probe(before: Machine): Promise<Machine | null> {
    const [tick, services] = await this.host.call(probeCalls(this.at));
    if (isSessionGone(tick)) return null;
    if (obstacleOf(tick, services) !== this.#obstacle) return await this.#readAll();
    return { ...before, host: { ...before.host, readAt: this.time.date().toISOString() } };
  }

  async #readAll(): Promise<Machine | null> {
    const started = this.time.now();
    // As it was before it is asked: what is done meanwhile is judged by the next reading.
    const besides = this.besides();
    // The tick first: what changes between the two is then seen by the next tick.
    const [[tick], answers] = await Promise.all([
      this.host.call(tickCalls(this.at)),
      ask(this.host, snapshotCalls(this.at)),
    ]);
    if (goneIn(Object.values(answers))) return null;
    if (this.#machine?.vms !== undefined && isTimedOut(answers.list)) throw new NotRead();
    const assembled = assembleMachine(this.at, answers, {
      ...this.#context(this.#machine),
      at: started,
      ...(this.#samples && { samples: this.#samples }),
    });
    const machine: Machine = { ...assembled, host: { ...assembled.host, ...besides } };
    this.#tick = tickOf(tick);
    this.#obstacle = isPassing(tick, answers.list) ? undefined : obstacleOf(tick, answers.services);
    this.#lastFull = started;
    this.#samples = samplesOf(answers.counters, started) ?? this.#samples;
    return machine;
  }

  async #readChanged(before: Machine, wanted: readonly Guid[]): Promise<Machine | null> {
    // Counters of all VMs in one query, at each tick while some VM may begin or end to run a hypervisor: else never.
    const asked = this.time.now();
    const [[tickResult], [counters]] = await Promise.all([
      this.host.call(tickCalls(this.at)),
      nestingRuns(before) ? this.host.call([countersCall(this.at)]) : [],
    ]);
    if (isSessionGone(tickResult)) return null;
    const tick = tickOf(tickResult);
    if (isTimedOut(tickResult)) throw new NotRead();
    // The service was stopped, a right was taken away: a full read says which.
    if (!tick || !this.#tick) return await this.#readAll();
    const { changed, removed } = changedBy(tick, this.#tick);
    // Without rights a tick is empty, not an error: that all VMs are gone is said by a full read alone.
    if (removed.length > 0 && tick.size === 0) return await this.#readAll();
    const isKnown = (vm: Guid): boolean => ifRead(before.vms, false, (all) => all.some(({ id }) => id === vm));
    const ids = [...new Set([...changed, ...wanted.filter((id) => isKnown(id) && !removed.includes(id))])];
    const read = await this.#readVms(before, ids, removed);
    if (!read) return null;
    this.#tick = read.failed.size === 0 ? tick : withoutFailed(tick, read.failed);
    const samples = counters && samplesOf(counters, asked);
    const machine = samples && this.#samples ? withSamples(read.machine, samples, this.#samples) : read.machine;
    this.#samples = samples ?? this.#samples;
    return { ...machine, host: { ...machine.host, readAt: this.time.date().toISOString() } };
  }

  async #readVms(
    before: Machine,
    ids: readonly Guid[],
    removed: readonly Guid[],
  ): Promise<{ readonly machine: Machine; readonly failed: ReadonlySet<Guid> } | null> {
    if (ids.length === 0 && removed.length === 0) return { machine: before, failed: new Set() };
    const results = ids.length > 0 ? await this.host.call(vmCalls(this.at, ids)) : [];
    if (goneIn(results)) return null;
    const { vms, gone, failed } = assembleVms(this.at, results, ids, this.#context(before));
    const machine = withVms(before, vms, removed);
    return { machine, failed: new Set([...gone, ...failed.map(({ vm }) => vm)]) };
  }
}
