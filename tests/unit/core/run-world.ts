/** A simulated PC on which whole goals are planned, carried out and undone, as Runs does it but without a journal. */
import type { Failure, Guid, Host, MachineRef } from '../../../src/core/cmdlets/call.js';
import type { Credential, CredentialSource } from '../../../src/core/cmdlets/credentials.js';
import type { ChangePath, Consent, Goal, VmGoal, PlannedWant } from '../../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { keyOf, keyOfVm, type PathKey } from '../../../src/core/machine/tree.js';
import { planWants } from '../../../src/core/change/plan.js';
import type { Plan, PlanOptions, PlanResult } from '../../../src/core/change/step.js';
import { undoWants, threeWay } from '../../../src/core/run/undo.js';
import type { RunEvent, RunHappening, RunOutcome, RunRecord } from '../../../src/core/run/record.js';
import { runPlan } from '../../../src/core/run/run.js';
import { withVms } from '../../../src/core/machine/tick.js';
import { MachineReader } from '../../../src/shell/reader.js';
import { manualClock, sleep } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { byId, idsFrom, machine, vm, world, type VmWish } from '../../../simulator/scenarios/build.js';
import { createScenario, simulate, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../../simulator/simulator.js';
import type { WireReply } from '../../../simulator/wire.js';
import type { SimulatedMachine } from '../../../simulator/world.js';

export interface Carried {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly record: RunRecord;
  /** Cmdlets that changed something, in order, with the VM that they were for. */
  readonly changes: readonly { readonly cmdlet: string; readonly vm: Guid; readonly force: boolean }[];
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly heard?: (happening: RunHappening) => void;
  /** Whether the journal takes it. */
  readonly writes?: (happening: RunHappening) => boolean;
}

export const scenarioWorld = (name: ScenarioName): RunWorld =>
  new RunWorld(createScenario(name, { clock: manualClock({ auto: true }) }));

/** A PC with these VMs, otherwise like the workstation. */
export function pcWith(wishes: readonly VmWish[], host: Partial<SimulatedMachine> = {}): RunWorld {
  const newId = idsFrom(7);
  const vms = byId(wishes.map((wish) => vm(newId, wish)));
  return new RunWorld(simulate(world('pc', newId, machine({ vms, ...host })), manualClock({ auto: true })));
}

let runs = 0;

export class RunWorld {
  readonly host: Host;
  readonly reader: MachineReader;
  /** VMs whose last run was refused as they ran: Runs knows them from its journal. */
  readonly #refusedRunning = new Set<PathKey>();
  readonly #locks = new Map<PathKey, Promise<void>>();
  /** Accounts inside guests, by path joined with '/'. */
  readonly accounts = new Map<string, Credential>();

  constructor(readonly simulator: Simulator) {
    const credentials: CredentialSource = (at) => {
      const found = at.flatMap((_, index) => this.accounts.get(keyOf(at.slice(0, index + 1))) ?? []);
      return found.length === at.length ? found : undefined;
    };
    // As the app's connection: a session that died is opened again.
    const open = (): Host => simulatedHost(simulator, { credentials, onLost: () => (current = open()) });
    let current = open();
    this.host = {
      get handshake() {
        return current.handshake;
      },
      call: (calls, signal) => current.call(calls, signal),
      close: () => current.close(),
    };
    const { clock } = simulator;
    const time = { now: () => clock.now(), date: () => new Date(clock.now()) };
    this.reader = new MachineReader(this.host, [], time, () => undefined);
  }

  get seconds(): number {
    return this.simulator.clock.now() / 1000;
  }

  /** All of it, and each VM in full. Time goes on between two reads, or two samples of the counters would be one. */
  async read(): Promise<Machine> {
    await sleep(this.simulator.clock, 1);
    await this.reader.read({ all: true, vms: [] });
    await this.reader.readVms((this.reader.machine?.vms ?? []).map(({ id }) => id));
    const { machine: read } = this.reader;
    if (!read) throw new Error('the simulated PC could not be read');
    return read;
  }

  async vm(name: string): Promise<Vm> {
    const found = (await this.read()).vms?.find((one) => one.name === name);
    if (!found) throw new Error(`no VM named ${name}`);
    return found;
  }

  id(name: string): Guid {
    return this.simulator.outside.vm(name).id;
  }

  /** Signed in there, and looked into; addresses of this PC are read too. */
  async enter(at: MachineRef, account: Credential): Promise<Machine> {
    await this.read();
    this.accounts.set(keyOf(at), account);
    await this.reader.readNetwork();
    const guest = await this.reader.readGuest(at, { roles: true });
    if ('kind' in guest) throw new Error(`not entered: ${JSON.stringify(guest)}`);
    return guest;
  }

  /** The tree as it is now, looked into wherever somebody is signed in. */
  async readInside(): Promise<Machine> {
    await this.read();
    for (const key of [...this.accounts.keys()].toSorted((a, b) => a.length - b.length))
      await this.reader.readGuest(key.split('/'), { roles: true });
    const { machine: read } = this.reader;
    if (!read) throw new Error('the simulated PC could not be read');
    return read;
  }

  /** Somebody else, inside: the cmdlet as they would type it there. */
  async #inside(name: string, cmdlet: string, parameters: Readonly<Record<string, unknown>>): Promise<WireReply> {
    const reply = await this.simulator.invoke({ machine: this.id(name), elevated: true, cmdlet, parameters });
    const [error] = reply.errors;
    if (error) throw new Error(`${cmdlet}: ${error.message}`);
    return reply;
  }

  /** A switch of somebody else's inside: its id. */
  async makeSwitch(name: string, switchName: string): Promise<Guid> {
    const { rows } = await this.#inside(name, 'New-VMSwitch', { Name: switchName, SwitchType: 'Internal' });
    return String(rows[0]?.['Id']);
  }

  async takeNat(name: string, nat: string, prefix: string): Promise<void> {
    await this.#inside(name, 'New-NetNat', { Name: nat, InternalIPInterfaceAddressPrefix: prefix });
  }

  /** A VM of somebody else's inside. */
  makeVm(name: string, nested: string): void {
    const { machine: inner } = this.simulator.outside.vm(name).guest;
    if (!inner) throw new Error(`${name} is no machine`);
    const made = vm(this.simulator.world.newId, { name: nested });
    inner.vms.set(made.id, made);
  }

  async planGoal(goal: Goal & { kind: 'vms' }): Promise<PlanResult> {
    const read = this.accounts.size > 0 ? await this.readInside() : await this.read();
    return planWants(read, goal, goal.wants, this.#options());
  }

  #options(): PlanOptions {
    return { id: `plan-${String(++runs)}`, refusedRunning: this.#refusedRunning };
  }

  plan(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<PlanResult> {
    return this.planGoal({ kind: 'vms', wants: [{ at: [], vm: this.id(name), want }], consents });
  }

  async ready(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<Plan> {
    return readyOf(await this.plan(name, want, consents));
  }

  /** As if everything that the plan asks for had been agreed to. */
  async carryOut(
    asked: Plan,
    { signal = new AbortController().signal, heard, writes }: RunOptions = {},
  ): Promise<Carried> {
    const plan: Plan = { ...asked, consents: asked.consents.map((one) => ({ ...one, given: true })) };
    const run = `run-${String(++runs)}`;
    const events: RunEvent[] = [];
    const began = this.seconds;
    const changes: { cmdlet: string; vm: Guid; force: boolean }[] = [];
    const stop = this.simulator.on((event) => {
      if (event.kind !== 'call' || event.request.cmdlet.startsWith('Get-')) return;
      const { cmdlet, parameters } = event.request;
      const about = JSON.stringify(parameters).toLowerCase();
      for (const id of this.simulator.world.host.vms.keys())
        if (about.includes(id)) changes.push({ cmdlet, vm: id, force: 'Force' in parameters });
    });
    const outcome = await runPlan(plan, {
      host: this.host,
      readVms: (ids, where): Promise<readonly Vm[] | Failure> => this.reader.readVms(ids, where),
      root: () => this.reader.machine,
      readNetwork: () => this.reader.readNetwork(),
      record: (happening) => {
        events.push({
          ...happening,
          run,
          seq: events.length,
          time: new Date(this.simulator.clock.now()).toISOString(),
          elapsed: this.seconds - began,
        });
        heard?.(happening);
        return Promise.resolve(writes?.(happening) ?? true);
      },
      planAgain: (goal, read, firstNumber) => {
        const given: Goal = { kind: 'vms', wants: [goal], consents: plan.consents.map(({ consent }) => consent) };
        const { machine: known } = this.reader;
        if (!known) return { kind: 'already-so' };
        return planWants(withVms(known, [read], []), given, [goal], { id: `again-${String(++runs)}`, firstNumber });
      },
      lock: (id) => this.#lock(id),
      wait: (seconds) => sleep(this.simulator.clock, seconds),
      now: () => this.seconds,
      signal,
    });
    stop();
    for (const id of plan.chains.map(keyOfVm)) {
      const isRefused = events.some((one) => one.kind === 'stopped' && one.vm === id && one.offer === 'while-off');
      if (isRefused) this.#refusedRunning.add(id);
      else this.#refusedRunning.delete(id);
    }
    return {
      outcome,
      events,
      changes,
      record: { id: run, schema: 1, order: runs, appVersion: '0.0.0', goal: plan.goal, plan, events, outcome },
    };
  }

  async do(
    name: string,
    want: PlannedWant,
    consents: readonly Consent[] = [],
    options: RunOptions = {},
  ): Promise<Carried> {
    return this.carryOut(await this.ready(name, want, consents), options);
  }

  /** `undos`: those that were to undo it before, and ended early. */
  async undoPlan(
    { record }: Carried,
    also: readonly ChangePath[] = [],
    undos: readonly Carried[] = [],
  ): Promise<PlanResult> {
    const read = this.accounts.size > 0 ? await this.readInside() : await this.read();
    const wants: readonly VmGoal[] = undoWants(
      threeWay(
        record,
        read,
        undos.map((undo) => undo.record),
      ),
      also,
    );
    return planWants(read, { kind: 'undo', run: record.id, also, consents: [] }, wants, this.#options());
  }

  async verdicts({ record }: Carried): Promise<Readonly<Record<string, string>>> {
    const ways = threeWay(record, this.accounts.size > 0 ? await this.readInside() : await this.read());
    return Object.fromEntries(ways.map(({ path, verdict }) => [path.slice(37), verdict]));
  }

  async #lock(id: PathKey): Promise<() => void> {
    const before = this.#locks.get(id) ?? Promise.resolve();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.#locks.set(
      id,
      before.then(() => held),
    );
    await before;
    return release;
  }
}

export function readyOf(result: PlanResult): Plan {
  if (result.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(result)}`);
  return result.plan;
}

/** The steps of a run as text: `running Stop-VM`, `done Stop-VM`. */
export function story({ record, events }: Carried): readonly string[] {
  const names = new Map<string, string>();
  const learn = (chain: Plan['chains'][number]): void => {
    for (const { id, do: act } of chain.steps) names.set(id, 'call' in act ? act.call.cmdlet : 'wait');
  };
  record.plan.chains.forEach(learn);
  return events.flatMap((event) => {
    if (event.kind === 'replanned') learn(event.chain);
    if (event.kind === 'step')
      return event.state === 'running' ? [] : [`${event.state} ${names.get(event.step) ?? '?'}`];
    return event.kind === 'stopped'
      ? [`stopped, offer ${event.offer ?? 'none'}`]
      : event.kind === 'replanned'
        ? ['replanned']
        : [];
  });
}
