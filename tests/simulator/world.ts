/** Small worlds and calls for the tests of the simulator. */
import { manualClock } from '../../simulator/clock.js';
import { createScenario, simulate, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { byId, idsFrom, machine, vm, world, type VmWish } from '../../simulator/scenarios/build.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { WireReply } from '../../simulator/wire.js';
import type { SimulatedMachine, SimulatedVm } from '../../simulator/world.js';

/** Time runs by itself as soon as nothing else is to do. */
export const scenario = (name: ScenarioName) => createScenario(name, { clock: manualClock({ auto: true }) });

export interface Small {
  readonly simulator: Simulator;
  readonly vm: SimulatedVm;
  readonly run: (cmdlet: string, parameters?: Readonly<Record<string, unknown>>) => Promise<WireReply>;
}

/** A PC with one VM. */
export function small(wish: Partial<VmWish> = {}, host: Partial<SimulatedMachine> = {}): Small {
  const newId = idsFrom(5);
  const one = vm(newId, { name: 'dev-box', ...wish });
  const other = vm(newId, { name: 'other', state: 'Off' });
  const simulator = simulate(
    world('small', newId, machine({ vms: byId([one, other]), ...host })),
    manualClock({ auto: true }),
  );
  return {
    simulator,
    vm: one,
    run: (cmdlet, parameters = {}) => call(simulator, cmdlet, { VM: ref(one), ...parameters }),
  };
}

export const ref = ({ id }: { readonly id: string }, type = 'VirtualMachine') => ({ $ref: { type, id } });

export const call = (
  simulator: Simulator,
  cmdlet: string,
  parameters: Readonly<Record<string, unknown>> = {},
  elevated = false,
) => simulator.invoke({ machine: '', elevated, cmdlet, parameters });

/** The ids of what was refused. */
export const refused = (reply: WireReply) => reply.errors.map(({ id, category }) => `${id}/${category}`);
