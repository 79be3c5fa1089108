/** A simulated PC on which whole goals are planned, carried out and undone: as the app does it, with a journal in memory. */
import { vmIn, thisPc, depthOf, wayTo, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { Guid, Host } from '../../../src/core/cmdlets/call.js';
import type { Credential, CredentialSource } from '../../../src/core/cmdlets/credentials.js';
import type { ChangePath, Consent, Goal, PlannedWant } from '../../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import type { Plan, PlanResult } from '../../../src/core/change/step.js';
import type { RunEvent, RunHappening, RunOutcome, RunRecord } from '../../../src/core/run/record.js';
import { KnownRuns } from '../../../src/shell/known-runs.js';
import { Plans } from '../../../src/shell/plans.js';
import { MachineReader } from '../../../src/shell/reader.js';
import { Runner } from '../../../src/shell/runner.js';
import { manualClock, sleep } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { byId, idsFrom, machine, vm, world, type VmWish } from '../../../simulator/scenarios/build.js';
import { createScenario, simulate, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../../simulator/simulator.js';
import type { WireReply } from '../../../simulator/wire.js';
import type { SimulatedMachine } from '../../../simulator/world.js';

export interface Carried {
  /** undefined: it was interrupted. */
  readonly outcome: RunOutcome | undefined;
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

/** Nothing is there, and nothing is written there. */
const folder = 'no-such-folder';

export class RunWorld {
  readonly host: Host;
  readonly reader: MachineReader;
  readonly #runs: KnownRuns;
  readonly #plans: Plans;
  readonly #runner: Runner;
  /** Of the run that is carried out. */
  #options: RunOptions = {};
  /** Accounts inside guests. */
  readonly accounts = new Map<VmRef, Credential>();

  constructor(readonly simulator: Simulator) {
    const credentials: CredentialSource = (at) => {
      const found = wayTo(at).flatMap((vm) => this.accounts.get(vm) ?? []);
      return found.length === depthOf(at) ? found : undefined;
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
    this.reader = new MachineReader(this.host, thisPc, time, () => undefined);
    const deps = {
      host: () => this.host,
      machine: () => this.reader.machine,
      readVms: this.reader.readVms.bind(this.reader),
      readNetwork: () => this.reader.readNetwork(),
      folder,
      beginJournal: () => Promise.resolve({ record: this.#write.bind(this), close: () => Promise.resolve() }),
      appVersion: '0.0.0',
      now: time.date,
      elapsed: () => this.seconds,
      wait: (seconds: number) => sleep(clock, seconds),
      onEvent: (event: RunEvent) => this.#options.heard?.(event),
      onRecord: () => undefined,
      onUnwritable: () => undefined,
      failed: (error: unknown) => {
        throw error;
      },
    };
    this.#runs = new KnownRuns(deps);
    this.#plans = new Plans(this.#runs, deps);
    this.#runner = new Runner(this.#runs, deps, () => Promise.resolve());
  }

  #write(event: RunEvent): Promise<void> {
    const { writes = () => true } = this.#options;
    return writes(event) ? Promise.resolve() : Promise.reject(new Error('the journal is full'));
  }

  get seconds(): number {
    return this.simulator.clock.now() / 1000;
  }

  /** All of it, and each VM in full. Time goes on between two reads, or two samples of the counters would be one. */
  async read(): Promise<Machine> {
    await sleep(this.simulator.clock, 1);
    await this.reader.read({ all: true, vms: [] });
    await this.reader.readVms(
      (this.reader.machine?.vms ?? []).map(({ id }) => id),
      { at: thisPc },
    );
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
  async enter(at: VmRef, account: Credential): Promise<Machine> {
    await this.read();
    this.accounts.set(at, account);
    await this.reader.readNetwork();
    const guest = await this.reader.readGuest(at, { roles: true });
    if ('kind' in guest) throw new Error(`not entered: ${JSON.stringify(guest)}`);
    return guest;
  }

  /** The tree as it is now, looked into wherever somebody is signed in. */
  async readInside(): Promise<Machine> {
    await this.read();
    for (const key of [...this.accounts.keys()].toSorted((a, b) => depthOf(a) - depthOf(b)))
      await this.reader.readGuest(key, { roles: true });
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

  async planGoal(goal: Goal): Promise<PlanResult> {
    await this.#readAll();
    const shown = await this.#plans.make(goal);
    if ('kind' in shown) throw new Error(`not planned: ${JSON.stringify(shown)}`);
    return shown.result;
  }

  #readAll(): Promise<Machine> {
    return this.accounts.size > 0 ? this.readInside() : this.read();
  }

  plan(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<PlanResult> {
    return this.planGoal({ kind: 'vms', wants: [{ vm: vmIn(thisPc, this.id(name)), want }], consents });
  }

  async ready(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<Plan> {
    return readyOf(await this.plan(name, want, consents));
  }

  /** As if everything that the plan asks for had been agreed to, and nobody had looked again before it began. */
  async carryOut(asked: Plan, options: RunOptions = {}): Promise<Carried> {
    this.#options = options;
    const changes: { cmdlet: string; vm: Guid; force: boolean }[] = [];
    const stop = this.simulator.on((event) => {
      if (event.kind !== 'call' || event.request.cmdlet.startsWith('Get-')) return;
      const { cmdlet, parameters } = event.request;
      const about = JSON.stringify(parameters).toLowerCase();
      for (const id of this.simulator.world.host.vms.keys())
        if (about.includes(id)) changes.push({ cmdlet, vm: id, force: 'Force' in parameters });
    });
    const before = new Set(this.#runs.underWay.keys());
    const begun = this.#runner.begin(
      { ...asked, consents: asked.consents.map((one) => ({ ...one, given: true })) },
      undefined,
    );
    const { signal } = options;
    for (const [id, { stop: control }] of this.#runs.underWay) {
      if (before.has(id) || !signal) continue;
      const abort = (): void => control.abort(signal.reason);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
    }
    const started = await begun;
    if (started.kind !== 'started') throw new Error(`not started: ${JSON.stringify(started)}`);
    await this.#runner.idle();
    stop();
    const record = this.#runs.get(started.run);
    if (!record) throw new Error('no record of the run');
    return { outcome: record.outcome, events: record.events, changes, record };
  }

  async do(
    name: string,
    want: PlannedWant,
    consents: readonly Consent[] = [],
    options: RunOptions = {},
  ): Promise<Carried> {
    return this.carryOut(await this.ready(name, want, consents), options);
  }

  async undoPlan({ record }: Carried, also: readonly ChangePath[] = []): Promise<PlanResult> {
    this.#runs.keep(record);
    const vm = record.plan.chains[0]?.vm ?? vmIn(thisPc, '');
    return this.planGoal({ kind: 'undo', run: record.id, also: also.map((path) => ({ vm, path })), consents: [] });
  }

  async verdicts({ record }: Carried): Promise<Readonly<Record<string, string>>> {
    await this.#readAll();
    this.#runs.keep(record);
    const ways = await this.#plans.threeWay(record.id);
    if ('kind' in ways) throw new Error(`not compared: ${JSON.stringify(ways)}`);
    return Object.fromEntries(ways.map(({ path, verdict }) => [path.slice(37), verdict]));
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
