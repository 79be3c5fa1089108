/** A machine that a simulated workstation was read as, for tests of what is made of it. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Guid, Host } from '../../../src/core/cmdlets/call.js';
import type { Machine, Made, Vm } from '../../../src/core/machine/machine.js';
import type { Connection } from '../../../src/ipc/schema.js';
import type { CredentialSource } from '../../../src/core/cmdlets/credentials.js';
import { MachineReader } from '../../../src/shell/reader.js';
import type { Reading } from '../../../src/shell/readings.js';
import { manualClock, type ManualClock } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { createScenario, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../../simulator/simulator.js';

export interface ReadWorld {
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  readonly host: Host;
  readonly reader: MachineReader;
  readonly readings: Reading[];
  readonly connection: Connection;
  /** As of the last reading. */
  readonly machine: () => Machine;
  readonly vm: (name: string) => Vm;
}

interface WorldOptions {
  /** What earlier runs have made, by the ids of VMs. */
  readonly made?: (id: (name: string) => Guid) => Partial<Made>;
  readonly heard?: (reading: Reading) => void;
  readonly credentials?: CredentialSource;
}

export function worldOf(
  scenario: ScenarioName = 'workstation',
  { made, heard, credentials }: WorldOptions = {},
): ReadWorld {
  const clock = manualClock();
  const simulator = createScenario(scenario, { clock });
  const host = simulatedHost(simulator, credentials && { credentials });
  const readings: Reading[] = [];
  const time = { now: () => clock.now(), date: () => new Date(clock.now()) };
  const known: Made = {
    nats: new Map(),
    addresses: new Map(),
    ...made?.((name) => simulator.outside.vm(name).id),
  };
  const reader = new MachineReader(
    host,
    thisPc,
    time,
    (reading) => {
      readings.push(reading);
      heard?.(reading);
    },
    () => known,
  );
  const machine = (): Machine => {
    if (!reader.machine) throw new Error('not read yet');
    return reader.machine;
  };
  return {
    simulator,
    clock,
    host,
    reader,
    readings,
    connection: { kind: 'ready', handshake: host.handshake, elevated: false },
    machine,
    vm: (name) => {
      const found = machine().vms?.find((vm) => vm.name === name);
      if (!found) throw new Error(`no VM '${name}'`);
      return found;
    },
  };
}

export async function readWorld(scenario?: ScenarioName): Promise<ReadWorld> {
  const world = worldOf(scenario);
  await world.reader.read({ all: false, vms: [] });
  return world;
}
