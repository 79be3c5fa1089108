/** A PC on which whole goals are planned, carried out and undone: as the app does it, with a journal in memory. */
import { vmIn, thisPc, depthOf, wayTo, type HostId, type VmRef } from '../src/core/cmdlets/ref.js';
import type { Guid, Host } from '../src/core/cmdlets/call.js';
import type { Credential, CredentialSource } from '../src/core/cmdlets/credentials.js';
import type { ChangePath, Consent, Goal, PlannedWant } from '../src/core/machine/goal.js';
import type { Machine, Vm } from '../src/core/machine/machine.js';
import type { Plan, PlanResult } from '../src/core/change/step.js';
import type { RunEvent, RunHappening, RunRecord } from '../src/core/run/record.js';
import { KnownRuns } from '../src/shell/known-runs.js';
import { Plans } from '../src/shell/plans.js';
import { MachineReader } from '../src/shell/reader.js';
import { Runner } from '../src/shell/runner.js';

/** Time on that PC. */
export interface PcTime {
  /** Milliseconds that never jump, and the time of day. */
  readonly now: () => number;
  readonly date: () => Date;
  readonly wait: (seconds: number) => Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly heard?: (happening: RunHappening) => void;
  /** Whether the journal takes it. */
  readonly writes?: (happening: RunHappening) => boolean;
}

/** For a machine whose whole way is known, as the app keeps them. */
export const credentialsFrom =
  (accounts: ReadonlyMap<VmRef, Credential>): CredentialSource =>
  (at) => {
    const found = wayTo(at).flatMap((vm) => accounts.get(vm) ?? []);
    return found.length === depthOf(at) ? found : undefined;
  };

/** Nothing is there, and nothing is written there. */
const folder = 'no-such-folder';

export class Pc {
  readonly reader: MachineReader;
  readonly #runs: KnownRuns;
  readonly #plans: Plans;
  readonly #runner: Runner;
  /** Of the run that is carried out. */
  #options: RunOptions = {};

  constructor(
    readonly host: Host,
    readonly time: PcTime,
    /** Accounts inside guests. */
    readonly accounts: Map<VmRef, Credential> = new Map<VmRef, Credential>(),
    private readonly at: HostId = thisPc,
  ) {
    this.reader = new MachineReader(host, at, time, () => undefined);
    const deps = {
      host: () => this.host,
      machine: () => this.reader.machine,
      readVms: this.reader.readVms.bind(this.reader),
      readNetwork: () => this.reader.readNetwork(),
      at,
      folder,
      beginJournal: () =>
        Promise.resolve({
          record: this.#write.bind(this),
          close: () => Promise.resolve(),
          discard: () => Promise.resolve(),
        }),
      appVersion: '0.0.0',
      now: time.date,
      elapsed: () => this.seconds,
      wait: time.wait,
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
    return this.time.now() / 1000;
  }

  /** Newest first. */
  get records(): readonly RunRecord[] {
    return this.#runs.all;
  }

  /** All of it, and each VM in full. Time goes on between two reads, or two samples of the counters would be one. */
  async read(): Promise<Machine> {
    await this.time.wait(1);
    await this.reader.read({ all: true, vms: [] });
    await this.reader.readVms(
      (this.reader.machine?.vms ?? []).map(({ id }) => id),
      { at: this.at },
    );
    return this.#known();
  }

  #known(): Machine {
    const { machine: read } = this.reader;
    if (!read) throw new Error('the PC could not be read');
    return read;
  }

  async vm(name: string): Promise<Vm> {
    const found = (await this.read()).vms?.find((one) => one.name === name);
    if (!found) throw new Error(`no VM named ${name}`);
    return found;
  }

  /** As it was read last. */
  id(name: string): Guid {
    const found = this.reader.machine?.vms?.find((one) => one.name === name);
    if (!found) throw new Error(`no VM named ${name} was read`);
    return found.id;
  }

  ref(name: string): VmRef {
    return vmIn(this.at, this.id(name));
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
    return this.#known();
  }

  #readAll(): Promise<Machine> {
    return this.accounts.size > 0 ? this.readInside() : this.read();
  }

  async planGoal(goal: Goal): Promise<PlanResult> {
    await this.#readAll();
    const shown = await this.#plans.make(goal);
    if ('kind' in shown) throw new Error(`not planned: ${JSON.stringify(shown)}`);
    return shown.result;
  }

  plan(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<PlanResult> {
    return this.planGoal({ kind: 'vms', wants: [{ vm: this.ref(name), want }], consents });
  }

  async ready(name: string, want: PlannedWant, consents: readonly Consent[] = []): Promise<Plan> {
    return readyOf(await this.plan(name, want, consents));
  }

  /** As if everything that the plan asks for had been agreed to, and nobody had looked again before it began. */
  async run(asked: Plan, options: RunOptions = {}): Promise<RunRecord> {
    this.#options = options;
    const before = new Set(this.#runs.underWay.keys());
    const preparing = this.#runner.prepare(
      { ...asked, consents: asked.consents.map((one) => ({ ...one, given: true })) },
      {},
    );
    const { signal } = options;
    for (const [id, { stop: control }] of this.#runs.underWay) {
      if (before.has(id) || !signal) continue;
      const abort = (): void => control.abort(signal.reason);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
    }
    const prepared = await preparing;
    if (prepared.kind !== 'ready') throw new Error(`not started: ${JSON.stringify(prepared)}`);
    prepared.go();
    await this.#runner.idle();
    const record = this.#runs.get(prepared.run);
    if (!record) throw new Error('no record of the run');
    return record;
  }

  async undoPlan({ record }: { readonly record: RunRecord }, also: readonly ChangePath[] = []): Promise<PlanResult> {
    this.#runs.keep(record);
    const vm = record.plan.chains[0]?.vm ?? vmIn(thisPc, '');
    return this.planGoal({ kind: 'undo', run: record.id, also: also.map((path) => ({ vm, path })), consents: [] });
  }

  async verdicts({ record }: { readonly record: RunRecord }): Promise<Readonly<Record<string, string>>> {
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
export function story({ plan, events }: Pick<RunRecord, 'plan' | 'events'>): readonly string[] {
  const names = new Map<string, string>();
  const learn = (chain: Plan['chains'][number]): void => {
    for (const { id, do: act } of chain.steps) names.set(id, 'call' in act ? act.call.cmdlet : 'wait');
  };
  plan.chains.forEach(learn);
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
