/** Settings of a VM that is off: planned, carried out, read again and undone. */
import { describe, expect, it } from 'vitest';
import type { VmRef } from '../../../src/core/cmdlets/ref.js';
import type { PlannedWant } from '../../../src/core/machine/goal.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import { checkpointsLeft } from '../../../src/core/run/checkpoints.js';
import { driftsIn } from '../../../src/core/run/drift.js';
import { readyOf } from '../../pc.js';
import type { Live } from '../suite.js';

const MiB = 2 ** 20;

/** All that can be set, as of now. */
const settingsOf = ({ nesting, stopAction, automaticCheckpoints, memory, adapters }: Vm) => ({
  nesting,
  stopAction,
  automaticCheckpoints,
  memory: { dynamic: memory.dynamic, startup: memory.startup, minimum: memory.minimum, maximum: memory.maximum },
  adapters: (adapters ?? []).map(({ id, macSpoofing }) => ({ id, macSpoofing })),
});

/** Everything as it is not. */
function others({ nesting, stopAction, automaticCheckpoints, adapters }: Vm): PlannedWant {
  const [adapter] = adapters ?? [];
  if (!adapter) throw new Error('a VM without an adapter');
  return {
    nesting: nesting !== true,
    stopAction: stopAction === 'TurnOff' ? 'Save' : 'TurnOff',
    automaticCheckpoints: automaticCheckpoints !== true,
    adapters: { [adapter.id]: { macSpoofing: adapter.macSpoofing === 'On' ? 'Off' : 'On' } },
  };
}

export function settingsSuite(live: () => Live): void {
  describe('a VM that is off', () => {
    it('is set, reads as it was set, and is put back', async () => {
      const { pc, make } = live();
      const name = await make('settings');
      const before = await pc.vm(name);
      const want = others(before);
      const record = await pc.run(await pc.ready(name, want));
      expect(record.outcome).toBe('done');
      const after = settingsOf(await pc.vm(name));
      expect(after).toMatchObject({ nesting: want.nesting, stopAction: want.stopAction, automaticCheckpoints: want.automaticCheckpoints }); // prettier-ignore
      expect((await pc.plan(name, want)).kind).toBe('already-so');
      const undo = await pc.run(readyOf(await pc.undoPlan({ record })));
      expect(undo.outcome).toBe('done');
      expect(settingsOf(await pc.vm(name))).toEqual(settingsOf(before));
    });

    it('is put back alone, though another was set in the same change', async () => {
      const { pc, make } = live();
      const names = [await make('undone'), await make('kept')] as const;
      const wants = names.map((name) => ({
        vm: pc.ref(name),
        want: { nesting: true, stopAction: 'TurnOff' } as const,
      }));
      const record = await pc.run(readyOf(await pc.planGoal({ kind: 'vms', wants, consents: [] })));
      const both = async () => {
        const [undone, kept] = [await pc.vm(names[0]), await pc.vm(names[1])];
        return [undone, kept].map(({ nesting, stopAction }) => [nesting, stopAction]);
      };
      expect([record.outcome, await both()]).toEqual(['done', [[true, 'TurnOff'], [true, 'TurnOff']]]); // prettier-ignore
      const undo = (only: readonly VmRef[]) =>
        pc.planGoal({ kind: 'undo', run: record.id, only, consents: [] }).then(readyOf);
      expect((await pc.run(await undo([pc.ref(names[0])]))).outcome).toBe('done');
      expect(await both()).toEqual([[false, 'Save'], [true, 'TurnOff']]); // prettier-ignore
      // What was left can still be put back.
      expect((await pc.run(await undo([pc.ref(names[1])]))).outcome).toBe('done');
      expect(await both()).toEqual([[false, 'Save'], [false, 'Save']]); // prettier-ignore
    });

    it('has dynamic memory, then static memory again, in one change each', async () => {
      const { pc, make } = live();
      const name = await make('memory');
      const before = await pc.vm(name);
      const memory = { dynamic: true, startup: 768 * MiB, minimum: 256 * MiB, maximum: 1024 * MiB } as const;
      const record = await pc.run(await pc.ready(name, { memory }));
      expect(record.outcome).toBe('done');
      expect((await pc.vm(name)).memory).toMatchObject(memory);
      const fixed = await pc.run(await pc.ready(name, { memory: { dynamic: false, startup: 512 * MiB } }));
      expect(fixed.outcome).toBe('done');
      expect((await pc.vm(name)).memory).toMatchObject({ dynamic: false, startup: 512 * MiB });
      expect(before.memory.dynamic).toBe(false);
    });

    it('has drifted when another tool sets it, and is set again', async () => {
      const { pc, make, act } = live();
      const name = await make('drift');
      await pc.run(await pc.ready(name, { nesting: true }));
      await act('turn-nesting-off', name);
      const drifts = () => driftsIn({ machine: pc.reader.machine, records: pc.records, busy: new Set(), kept: [] });
      const own = () => drifts().filter((one) => one.name === name);
      expect(own().map(({ changes }) => changes.map(({ wrote, now }) => [wrote, now]))).toEqual([[[true, false]]]);
      await pc.run(await pc.ready(name, { nesting: true }));
      await pc.read();
      expect(own()).toEqual([]);
    });

    it('of an older version gets the newest of this host, for good', async () => {
      const { pc, make } = live();
      const versions = (await pc.read()).host.supportedVersions ?? [];
      const [older, newest] = versions.slice(-2);
      const name = await make('version', older);
      expect((await pc.vm(name)).version).toBe(older);
      const record = await pc.run(await pc.ready(name, { version: newest ?? '' }, ['upgrade-version']));
      expect([record.outcome, (await pc.vm(name)).version]).toEqual(['done', newest]);
    });

    it('gets a checkpoint before a change, which an undo leaves, and which goes alone', async () => {
      const { pc, make } = live();
      const name = await make('before');
      const record = await pc.run(await pc.ready(name, { nesting: true, checkpoint: true }));
      const taken = async () => (await pc.vm(name)).checkpoints?.map(({ id }) => id);
      const now = await pc.read();
      const [made] = checkpointsLeft(record, (vm) => vmAt(now, vm));
      expect([record.outcome, await taken()]).toEqual(['done', [made?.made.id]]);
      expect((await pc.vm(name)).parentCheckpoint).toBe(made?.made.id);
      expect((await pc.run(readyOf(await pc.undoPlan({ record })))).outcome).toBe('done');
      expect([(await pc.vm(name)).nesting, await taken()]).toEqual([false, [made?.made.id]]);
      const goal = { kind: 'undo', run: record.id, checkpoints: true, consents: [] } as const;
      expect((await pc.run(readyOf(await pc.planGoal(goal)))).outcome).toBe('done');
      expect(await taken()).toEqual([]);
    });

    it('has a checkpoint, and can be set all the same', async () => {
      const { pc, make, act } = live();
      const name = await make('checkpoint');
      await act('checkpoint', name);
      const before = await pc.vm(name);
      expect(before.checkpoints?.map((one) => one.name)).toEqual([`${name}-checkpoint`]);
      expect(before.parentCheckpoint).toBe(before.checkpoints?.[0]?.id);
      expect((await pc.run(await pc.ready(name, { nesting: true }))).outcome).toBe('done');
      expect((await pc.vm(name)).nesting).toBe(true);
    });
  });
}
