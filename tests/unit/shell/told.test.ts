/** For any sequence of changes: what the window makes of the differences it is sent is what a fresh reading finds. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulatedHost } from '../../../simulator/host.js';
import type { Simulator } from '../../../simulator/simulator.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { MachineReader } from '../../../src/shell/reader.js';
import { afterEvent } from '../../../renderer/state/events.js';
import type { AppState } from '../../../src/ipc/schema.js';
import { worldOf, type ReadWorld } from './a-machine.js';
import { stateOf } from '../../renderer/bridge.js';

const nothing = { all: false, vms: [] } as const;

/** A world with a window that was told of each reading as compose.ts tells it, over JSON as IPC does. */
function watched() {
  const ears = { areOpen: true };
  const world = worldOf('server-l1', {
    credentials: () => [{ userName: 'dev', password: 'lab' }],
    heard: (reading) => {
      const patch = ears.areOpen ? store.of(thisPc).hear(reading) : undefined;
      if (patch) tell({ kind: 'machine', patch: throughIpc(patch) });
    },
  });
  let window: AppState = stateOf([], { machine: null });
  const tell = (event: Parameters<typeof afterEvent>[1]): void => void (window = afterEvent(window, event));
  const store = new AppStore({ ...window }, (state) => tell({ kind: 'state', state: throughIpc(state) }));
  return { world, store, ears, window: () => window };
}
/** As structured cloning leaves it: a copy, `undefined` kept. */
const throughIpc = structuredClone;

/** What one of several users may do next. */
const acts = {
  nesting: (vm: Vm, { outside }: Simulator) => outside.set(vm.id, { nesting: vm.nesting !== true }),
  memory: (vm: Vm, { outside }: Simulator) => outside.set(vm.id, { startup: (vm.memory.startup ?? 0) + 2 ** 30 }),
  rename: (vm: Vm, { outside }: Simulator) => outside.rename(vm.id, `${vm.name}'`),
  sameName: (vm: Vm, { outside }: Simulator) => outside.rename(vm.id, 'lab'),
  remove: (vm: Vm, { outside }: Simulator) => outside.remove(vm.id),
  importAgain: (vm: Vm, { outside }: Simulator) => outside.importAgain(vm.id),
  checkpoint: (vm: Vm, { outside }: Simulator) => outside.checkpoint(vm.id, 'clean'),
  applyCheckpoint: (vm: Vm, { outside, world }: Simulator) => {
    const [first] = world.host.vms.get(vm.id)?.checkpoints ?? [];
    if (first) outside.applyCheckpoint(vm.id, first.id);
  },
  off: (vm: Vm, { outside }: Simulator) => outside.put(vm.id, 'Off'),
  running: (vm: Vm, { outside }: Simulator) => outside.put(vm.id, 'Running'),
  paused: (vm: Vm, { outside }: Simulator) => outside.put(vm.id, 'Paused'),
  hypervisor: (vm: Vm, { outside }: Simulator) => outside.hypervisor(vm.id, vm.inside === 'no'),
} as const;
const ofThePc = {
  stopService: ({ outside }: Simulator) => outside.service('vmms', 'Stopped'),
  startService: ({ outside }: Simulator) => outside.service('vmms', 'Running'),
  joinNetwork: ({ outside }: Simulator) => outside.joinNetwork('Hotel', '192.168.100.0/24'),
  vpn: ({ outside, world }: Simulator) =>
    outside.connectVpn(`VPN ${world.host.network.cards.length}`, '10.8.14.3', ['10.8.0.0/16']),
  /** Answers how it is mended. */
  broken: (simulator: Simulator) =>
    simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'error', error: 'access-denied-operation' } }),
} as const;
/** How the app reads next. */
const reads = {
  tick: (world: ReadWorld) => world.reader.read(nothing),
  all: (world: ReadWorld) => world.reader.read({ all: true, vms: [] }),
  back: (world: ReadWorld) => world.reader.read({ ...nothing, isBack: true }),
  chosen: (world: ReadWorld, vm?: Vm) => world.reader.readVms(vm ? [vm.id] : [], { at: thisPc }),
  network: (world: ReadWorld) => world.reader.readNetwork(),
  inside: (world: ReadWorld, vm?: Vm) => vm && world.reader.readGuest(vmIn(thisPc, vm.id), { roles: false }),
  forget: (world: ReadWorld, vm?: Vm) => vm && world.reader.forgetGuest(vmIn(thisPc, vm.id)),
} as const;

const keys = <Name extends string>(all: Readonly<Record<Name, unknown>>) => Object.keys(all) as Name[];
const step = fc.record({
  vm: fc.nat(5),
  act: fc.option(fc.constantFrom(...keys(acts)), { nil: undefined, freq: 4 }),
  pc: fc.option(fc.constantFrom(...keys(ofThePc)), { nil: undefined, freq: 2 }),
  read: fc.constantFrom(...keys(reads)),
  seconds: fc.constantFrom(1, 2, 15, 60, 601),
  /** The window is told nothing of that reading; the next one goes by what it has. */
  isMissed: fc.boolean(),
});

/** Without what grows by itself from one reading to the next, and what only a look inside or two readings tell. */
const lasting = (machine: Machine | null) =>
  machine && {
    ...machine,
    host: { ...machine.host, readAt: '', freeMemory: 0 },
    vms: machine.vms?.map((vm) => ({ ...vm, readAt: '', uptime: 0 })),
    network: machine.network && { ...machine.network, readAt: '' },
  };
/** What a guest tells by and by (heartbeat, addresses, memory) is read while its page is open: no tick says that it has changed. */
const ofOneReading = (machine: Machine | null) =>
  lasting(machine)?.vms?.map(
    ({
      guest: _guest,
      nested: _nested,
      nats: _nats,
      lastAddresses: _last,
      inside: _in,
      insideEvidence: _by,
      shutdownService: _s,
      heartbeat: _h,
      memory,
      adapters,
      ...vm
    }) => ({
      ...vm,
      adapters: adapters?.map((adapter) => ({ ...adapter, addresses: [] })),
      memory: { ...memory, assigned: 0, demand: 0 },
    }),
  );

test('the window knows what main knows, and both what a fresh reading finds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { world, store, ears, window } = watched();
      const { simulator, clock } = world;
      const mends: (() => void)[] = [];
      const passing = async (work: Promise<unknown> | undefined) => {
        const ended = work?.catch(() => undefined);
        await clock.advance(61);
        await ended;
      };
      await passing(world.reader.read(nothing));
      for (const { vm: n, act, pc, read, seconds, isMissed } of steps) {
        const vms = [...simulator.world.host.vms.keys()];
        const vm = world.reader.machine?.vms?.find(({ id }) => id === vms[n % Math.max(1, vms.length)]);
        if (act && vm) acts[act](vm, simulator);
        const mend = pc && ofThePc[pc](simulator);
        if (mend) mends.push(mend);
        await clock.advance(seconds);
        ears.areOpen = !isMissed;
        await passing(reads[read](world, vm));
        ears.areOpen = true;
        if (isMissed) await passing(world.reader.read(nothing));
        expect(lasting(window().machine)).toEqual(lasting(world.reader.machine));
        expect(store.state.machine).toBe(world.reader.machine);
      }
      simulator.outside.service('vmms', 'Running');
      for (const mend of mends) mend();
      await passing(world.reader.read(nothing));
      const fresh = new MachineReader(
        simulatedHost(simulator),
        thisPc,
        { now: () => clock.now(), date: () => new Date(clock.now()) },
        () => undefined,
      );
      await passing(fresh.read(nothing));
      expect(ofOneReading(window().machine)).toEqual(ofOneReading(fresh.machine));
    }),
    { numRuns: 150 },
  );
});
