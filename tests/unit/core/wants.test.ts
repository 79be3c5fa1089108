/** What IPC accepts of a wish is what the planner serves: nothing is taken and then left undone without a word. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { expect, it } from 'vitest';
import type { AdapterId } from '../../../src/core/cmdlets/call.js';
import type { Goal, MemoryWant, VmWant } from '../../../src/core/machine/goal.js';
import { calls } from '../../../src/ipc/schema.js';
import { addressWant } from '../../../src/core/network/own-address.js';
import { networkWant } from '../../../src/core/network/resolve.js';
import { readyOf, scenarioWorld } from './run-world.js';

const GB = 2 ** 30;
const accepts = (goal: unknown): boolean => calls.plan.request.safeParse({ goal }).success;
const goalFor = (vm: string, want: unknown) => ({ kind: 'vms', wants: [{ vm: vmIn(thisPc, vm), want }], consents: [] });

/** Each field, as another value than the VM has: a new one is named here by the compiler. */
const memory: Readonly<Record<keyof MemoryWant, MemoryWant>> = {
  dynamic: { dynamic: false },
  startup: { startup: 3 * GB },
  minimum: { minimum: GB / 4 },
  maximum: { maximum: 20 * GB },
};
const samples: Readonly<
  Record<Exclude<keyof VmWant, 'adapters' | 'roles' | 'network' | 'address' | 'ports' | 'memory'>, VmWant>
> = {
  power: { power: 'running' },
  savedState: { savedState: 'drop' },
  nesting: { nesting: true },
  version: { version: '12.0', savedState: 'resume' },
  stopAction: { stopAction: 'TurnOff' },
  automaticCheckpoints: { automaticCheckpoints: true },
  checkpoint: { checkpoint: true, stopAction: 'TurnOff' },
};

/** One of the simulated workstation's VMs that the wish changes. */
async function served(want: (adapter: AdapterId | undefined) => VmWant): Promise<boolean> {
  const pc = scenarioWorld('workstation');
  const vms = (await pc.read()).vms ?? [];
  for (const vm of vms) {
    const asked = want(vm.adapters?.[0]?.id);
    const goal: Goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, vm.id), want: asked }], consents: [] };
    expect(accepts(goal)).toBe(true);
    const result = await pc.plan(vm.name, asked);
    if (result.kind === 'ready' && readyOf(result).chains.length > 0) return true;
  }
  return false;
}

it.each([...Object.entries(samples), ...Object.entries(memory).map(([key, one]) => [key, { memory: one }] as const)])(
  '%s is taken, and planned',
  async (_, want) => expect(await served(() => want)).toBe(true),
);

it('an adapter’s spoofing is taken, and planned', async () =>
  expect(await served((id) => (id === undefined ? {} : { adapters: { [id]: { macSpoofing: 'On' } } }))).toBe(true));

it('an address that stays is taken, and planned where the session is elevated', async () => {
  const pc = scenarioWorld('wifi-laptop', { elevated: true });
  await pc.read();
  await pc.reader.readNetwork();
  const machine = await pc.read();
  const vm = machine.vms?.find(({ id }) => id === pc.id('lab'));
  const address = vm && addressWant(machine, vm);
  if (!address) throw new Error('no address');
  expect(accepts(goalFor(pc.id('lab'), { address }))).toBe(true);
  expect((await pc.plan('lab', { address })).kind).toBe('ready');
});

it('ports that lead to it are taken, and planned where the session is elevated', async () => {
  const pc = scenarioWorld('port-taken', { elevated: true });
  await pc.read();
  const ports = [{ protocol: 'UDP', hostPort: 5000, vmPort: 50 } as const];
  expect(accepts(goalFor(pc.id('lab'), { ports }))).toBe(true);
  expect((await pc.plan('lab', { ports })).kind).toBe('ready');
});

it('roles and a network are taken, and planned where somebody is signed in', async () => {
  const pc = scenarioWorld('wifi-laptop');
  const id = pc.id('lab');
  await pc.enter(vmIn(thisPc, id), { userName: 'dev', password: 'lab' });
  const root = await pc.readInside();
  const vm = root.vms?.find((one) => one.id === id);
  const network = vm && networkWant(root, vm, 'nat', []);
  if (!network) throw new Error('no network');
  for (const want of [{ roles: { 'virtual-machine-platform': true } }, { network }] satisfies VmWant[]) {
    expect(accepts(goalFor(id, want))).toBe(true);
    expect(readyOf(await pc.plan('lab', want)).chains).toHaveLength(1);
  }
});

it.each<[string, unknown]>([
  ['to disconnect its own adapter', { adapters: { nic: { switch: null } } }],
  ['to connect its own adapter', { adapters: { nic: { switch: 'Default Switch' } } }],
  ['an address from outside', { adapters: { nic: { address: 'dhcp' } } }],
  ['what only an undo asks for', { nested: {} }],
  ['to remove what a run has made', { remove: [] }],
  ['no port at all', { ports: [] }],
  ['a port that is none', { ports: [{ protocol: 'TCP', hostPort: 0, vmPort: 80 }] }],
  ['a port that leads to no address', { ports: [{ protocol: 'TCP', hostPort: 80, vmPort: 80, address: 'lab' }] }],
  ['another protocol', { ports: [{ protocol: 'ICMP', hostPort: 80, vmPort: 80 }] }],
])('%s is refused, since nothing would come of it', (_, want) =>
  expect(accepts(goalFor('0b1c2d3e-0000-4000-8000-000000000001', want))).toBe(false),
);
