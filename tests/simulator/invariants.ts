/** What is always true of a simulated world, whatever was called. */
import { enums } from '../../src/core/cmdlets/catalog.js';
import { assignedMemory, freeMemory, holdsMemory, memoryDemand, uptime } from '../../simulator/guest.js';
import type { Simulator } from '../../simulator/simulator.js';

export function violations({ world, clock }: Simulator): readonly string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) found.push(what);
  };
  const states: readonly string[] = enums.VMState;
  for (const [id, vm] of world.host.vms) {
    const { settings, checkpoints, state, name } = vm;
    const ids = new Set(checkpoints.map((one) => one.id));
    must(id === vm.id && /^[0-9a-f-]{36}$/.test(id), `${name}: its id is its key`);
    must(states.includes(state), `${name}: ${state} is a state of Hyper-V`);
    must(vm.parentCheckpoint === null || ids.has(vm.parentCheckpoint), `${name}: its parent checkpoint exists`);
    must(
      checkpoints.every(({ parent }) => parent === null || ids.has(parent)),
      `${name}: parents of checkpoints exist`,
    );
    must(checkpoints.filter(({ automatic }) => automatic).length <= 1, `${name}: one automatic checkpoint at most`);
    must(
      !settings.dynamicMemory || (settings.minimum <= settings.startup && settings.startup <= settings.maximum),
      `${name}: memory limits are in order`,
    );
    must(
      [settings.startup, settings.minimum, settings.maximum].every(
        (size) => size % 2 ** 21 === 0 && size >= 2 ** 25 && size <= 12 * 2 ** 40,
      ),
      `${name}: its memory has sizes that Windows takes`,
    );
    must(
      memoryDemand(vm, clock) === 0 || state === 'Running' || state === 'Stopping',
      `${name}: it demands memory while it runs`,
    );
    must(assignedMemory(vm, clock) > 0 === holdsMemory(vm), `${name}: memory is assigned while it runs, and only then`);
    must(
      (vm.startedAt !== null) === (state === 'Running' || state === 'Stopping'),
      `${name}: it counts its time while it runs`,
    );
    must(state !== 'Off' || uptime(vm, clock) === 0, `${name}: off has no uptime`);
    must(
      state !== 'Off' || checkpoints.find((one) => one.id === vm.parentCheckpoint)?.automatic !== true,
      `${name}: off has no automatic parent`,
    );
    must(
      vm.lastStateChange <= clock.now() && vm.lastConfigurationChange <= clock.now(),
      `${name}: nothing happened in the future`,
    );
    must(
      settings.adapters.every((one) => one.id.startsWith(`Microsoft:${id.toUpperCase()}\\`)),
      `${name}: its adapters are its own`,
    );
  }
  must(freeMemory(world.host, clock) >= 0, 'memory is not given twice');
  return found;
}
