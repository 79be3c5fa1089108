import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireReply } from '../../simulator/wire.js';
import { violations } from './invariants.js';
import { call, ref, scenario } from './world.js';

const GiB = 2 ** 30;
const names = [
  'k8s-node-1',
  'Lab DC 01',
  'win11 $(nested)',
  '构建机',
  'dev-box',
  'k8s-node-2',
  'legacy-2012r2',
  'archive-2019 "cold"',
];

const change = fc.oneof(
  fc.record({
    cmdlet: fc.constant('Set-VMProcessor'),
    parameters: fc.record({ ExposeVirtualizationExtensions: fc.boolean() }),
  }),
  fc.record({
    cmdlet: fc.constant('Set-VMMemory'),
    parameters: fc.record(
      {
        DynamicMemoryEnabled: fc.boolean(),
        StartupBytes: fc.constantFrom(GiB, 2 * GiB, 6 * GiB, 48 * GiB, GiB + 1),
        MinimumBytes: fc.constantFrom(GiB / 2, 2 * GiB, 2 ** 20),
        MaximumBytes: fc.constantFrom(2 * GiB, 8 * GiB, 2 ** 44),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    cmdlet: fc.constant('Set-VM'),
    parameters: fc.record({
      AutomaticCheckpointsEnabled: fc.boolean(),
      AutomaticStopAction: fc.constantFrom('Save', 'ShutDown', 'TurnOff'),
    }),
  }),
  fc.record({ cmdlet: fc.constantFrom('Start-VM', 'Resume-VM', 'Remove-VMSavedState'), parameters: fc.constant({}) }),
  fc.record({
    cmdlet: fc.constant('Stop-VM'),
    parameters: fc.constantFrom({ Confirm: false }, { Confirm: false, TurnOff: true }, { Save: true }),
  }),
  fc.record({ cmdlet: fc.constant('Update-VMVersion'), parameters: fc.constant({ Confirm: false }) }),
);
const calls = fc.array(fc.record({ name: fc.constantFrom(...names), change }), { minLength: 1, maxLength: 25 });

const stamp = (vm: object) => JSON.stringify(vm, (key, value: unknown) => (key === 'machine' ? undefined : value));

/** From which states each change is allowed (facts: stateTransitions); a warning counts as allowed. */
const wrongFrom: Readonly<Record<string, readonly string[]>> = {
  'Set-VMProcessor': ['Running', 'Paused', 'Saved'],
  'Resume-VM': ['Off', 'Saved'],
  'Remove-VMSavedState': ['Running', 'Paused'],
};

describe('any sequence of calls', () => {
  it('keeps the world legal, touches only the VM that it names, and refuses what the state forbids', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const simulator = scenario('workstation');
        for (const {
          name,
          change: { cmdlet, parameters },
        } of sequence) {
          const vm = simulator.outside.vm(name);
          const others = [...simulator.world.host.vms.values()].filter((one) => one !== vm);
          const before = { others: others.map(stamp), own: stamp(vm), state: vm.state };
          const reply: WireReply = await call(simulator, cmdlet, { VM: ref(vm), ...parameters });
          expect(violations(simulator)).toEqual([]);
          expect(others.map(stamp)).toEqual(before.others);
          if (wrongFrom[cmdlet]?.includes(before.state))
            expect(reply.errors.map(({ id }) => id)).toEqual(['InvalidState']);
          // A refused setting has changed nothing at all.
          if (reply.errors.length > 0 && cmdlet.startsWith('Set-')) expect(stamp(vm)).toBe(before.own);
          expect(['Running', 'Off', 'Saved', 'Paused']).toContain(vm.state);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the world legal when calls for all VMs overlap', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const simulator = scenario('workstation');
        await Promise.all(
          sequence.map(({ name, change: { cmdlet, parameters } }) =>
            call(simulator, cmdlet, { VM: ref(simulator.outside.vm(name)), ...parameters }),
          ),
        );
        expect(violations(simulator)).toEqual([]);
        for (const vm of simulator.world.host.vms.values())
          expect(['Running', 'Off', 'Saved', 'Paused']).toContain(vm.state);
      }),
      { numRuns: 100 },
    );
  });
});
