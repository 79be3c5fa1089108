/** A simulated PC on which whole goals are planned, carried out and undone: as the app does it, with a journal in memory. */
import { thisPc, type HostId, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { Guid, Host } from '../../../src/core/cmdlets/call.js';
import type { Credential } from '../../../src/core/cmdlets/credentials.js';
import type { Consent, PlannedWant } from '../../../src/core/machine/goal.js';
import type { Plan } from '../../../src/core/change/step.js';
import type { RunEvent, RunOutcome, RunRecord } from '../../../src/core/run/record.js';
import { manualClock, sleep } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { byId, idsFrom, machine, vm, world, type VmWish } from '../../../simulator/scenarios/build.js';
import { createScenario, simulate, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../../simulator/simulator.js';
import type { WireReply } from '../../../simulator/wire.js';
import type { SimulatedMachine } from '../../../simulator/world.js';
import { credentialsFrom, Pc, story as storyOf, type RunOptions } from '../../pc.js';

export { readyOf } from '../../pc.js';

export interface Carried {
  /** undefined: it was interrupted. */
  readonly outcome: RunOutcome | undefined;
  readonly events: readonly RunEvent[];
  readonly record: RunRecord;
  /** Cmdlets that changed something, in order, with the VM that they were for. */
  readonly changes: readonly { readonly cmdlet: string; readonly vm: Guid; readonly force: boolean }[];
}

/** `elevated`: allowed for this session. */
interface Rights {
  readonly elevated?: boolean;
}

/** `at`: the PC that it stands for. */
export const scenarioWorld = (name: ScenarioName, rights: Rights = {}, at: HostId = thisPc): RunWorld =>
  new RunWorld(createScenario(name, { clock: manualClock({ auto: true }) }), rights, at);

/** A PC with these VMs, otherwise like the workstation. */
export function pcWith(
  wishes: readonly VmWish[],
  host: Partial<SimulatedMachine> = {},
  rights: Rights = {},
  at: HostId = thisPc,
): RunWorld {
  const newId = idsFrom(7);
  const vms = byId(wishes.map((wish) => vm(newId, wish)));
  return new RunWorld(simulate(world('pc', newId, machine({ vms, ...host })), manualClock({ auto: true })), rights, at);
}

/** As the app's connection: a session that died is opened again. */
function hostOf(simulator: Simulator, accounts: ReadonlyMap<VmRef, Credential>, rights: Rights): Host {
  const credentials = credentialsFrom(accounts);
  const open = (): Host => simulatedHost(simulator, { ...rights, credentials, onLost: () => (current = open()) });
  let current = open();
  return {
    get handshake() {
      return current.handshake;
    },
    call: (calls, signal) => current.call(calls, signal),
    close: () => current.close(),
  };
}

export class RunWorld extends Pc {
  constructor(
    readonly simulator: Simulator,
    rights: Rights = {},
    at: HostId = thisPc,
  ) {
    const { clock } = simulator;
    const accounts = new Map<VmRef, Credential>();
    const time = {
      now: () => clock.now(),
      date: () => new Date(clock.now()),
      wait: (seconds: number) => sleep(clock, seconds),
    };
    super(hostOf(simulator, accounts, rights), time, accounts, at);
  }

  override id(name: string): Guid {
    return this.simulator.outside.vm(name).id;
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

  async carryOut(asked: Plan, options: RunOptions = {}): Promise<Carried> {
    const changes: { cmdlet: string; vm: Guid; force: boolean }[] = [];
    const stop = this.simulator.on((event) => {
      if (event.kind !== 'call' || event.request.cmdlet.startsWith('Get-')) return;
      const { cmdlet, parameters } = event.request;
      const about = JSON.stringify(parameters).toLowerCase();
      for (const id of this.simulator.world.host.vms.keys())
        if (about.includes(id)) changes.push({ cmdlet, vm: id, force: 'Force' in parameters });
    });
    const record = await this.run(asked, options);
    stop();
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
}

/** The steps of a run as text: `running Stop-VM`, `done Stop-VM`. */
export const story = ({ record, events }: Carried): readonly string[] => storyOf({ plan: record.plan, events });
