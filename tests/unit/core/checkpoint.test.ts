/** A checkpoint before a change: the first step, a way back that an undo leaves, and gone only as exactly what was taken. */
import { describe, expect, test } from 'vitest';
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import type { ChangePath, VmWant } from '../../../src/core/machine/goal.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import { checkpointsLeft, stillWanted } from '../../../src/core/run/checkpoints.js';
import { AppliedCheckpoints, driftsIn } from '../../../src/core/run/drift.js';
import { pcWith, readyOf, scenarioWorld, story, type Carried, type RunWorld } from './run-world.js';

const on: VmWant = { nesting: true, checkpoint: true };
const taken = async (pc: RunWorld, name: string) => (await pc.vm(name)).checkpoints ?? [];
const left = async (pc: RunWorld, { record }: Carried) => {
  const now = await pc.read();
  return checkpointsLeft(record, (vm) => vmAt(now, vm)).map(({ made }) => made.id);
};
const removal = ({ record }: Carried) => ({ kind: 'undo', run: record.id, checkpoints: true, consents: [] }) as const;

describe('a plan with a checkpoint', () => {
  test('takes it first, before the VM goes down, and does nothing else more than without it', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const [plain, plan] = [await pc.ready('a', { nesting: true }), await pc.ready('a', on)];
    const [first, ...rest] = plan.chains[0]?.steps ?? [];
    const at = thisPc;
    expect(first).toMatchObject({
      number: 1,
      title: { key: 'checkpoint.take' },
      kind: 'setting',
      changes: [],
      do: { call: { cmdlet: 'Checkpoint-VM', at, on: { vm: pc.id('a') } } },
      makes: { what: 'checkpoint', at, vm: pc.id('a') },
    });
    expect(rest.map((step) => [step.number, step.title, step.do, step.changes])).toEqual(
      plain.chains[0]?.steps.map((step) => [step.number + 1, step.title, step.do, step.changes]),
    );
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['shut-down']);
    expect(plan.chains[0]?.power?.down).toEqual([rest[0]?.id]);
  });

  test('is carried out, read back by its id, and planned again finds nothing to do', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Checkpoint-VM', 'done Stop-VM', 'done Set-VMProcessor', 'done Start-VM']);
    const [checkpoint, ...others] = await taken(pc, 'a');
    expect(others).toEqual([]);
    expect(await left(pc, done)).toEqual([checkpoint?.id]);
    expect(pc.simulator.outside.vm('a').checkpoints[0]?.settings.nesting).toBe(false);
    expect(await pc.plan('a', on)).toEqual({ kind: 'already-so' });
    expect(await taken(pc, 'a')).toHaveLength(1);
  });

  test('takes none where nothing changes', async () => {
    const pc = pcWith([{ name: 'a' }]);
    expect(await pc.plan('a', { checkpoint: true })).toEqual({ kind: 'already-so' });
    expect(await pc.plan('a', { nesting: false, checkpoint: true })).toEqual({ kind: 'already-so' });
    expect(await taken(pc, 'a')).toEqual([]);
  });

  test('takes one of each VM that changes', async () => {
    const pc = pcWith([{ name: 'a' }, { name: 'b', settings: { nesting: true } }, { name: 'c' }]);
    await pc.read();
    const wants = ['a', 'b', 'c'].map((name) => ({ vm: pc.ref(name), want: on }));
    const done = await pc.carryOut(readyOf(await pc.planGoal({ kind: 'vms', wants, consents: [] })));
    expect(done.outcome).toBe('done');
    const counts = await Promise.all(['a', 'b', 'c'].map(async (name) => (await taken(pc, name)).length));
    expect(counts).toEqual([1, 0, 1]);
  });

  test('is blocked where checkpoints are turned off, and only if one was asked for', async () => {
    const pc = pcWith([{ name: 'a', settings: { checkpointType: 'Disabled' } }]);
    expect(await pc.plan('a', on)).toMatchObject({
      kind: 'blocked',
      by: [{ name: 'a', checks: [{ id: 'checkpoints', title: { key: 'checkpoint.off' } }] }],
    });
    expect((await pc.plan('a', { nesting: true })).kind).toBe('ready');
    // Nothing changes: nothing is refused either.
    expect(await pc.plan('a', { nesting: false, checkpoint: true })).toEqual({ kind: 'already-so' });
  });

  test('says that Windows might refuse while a hypervisor runs inside', async () => {
    const pc = pcWith([
      { name: 'a', state: 'Running', settings: { nesting: true }, guest: { startsHypervisor: true } },
    ]);
    await pc.read();
    const plan = await pc.ready('a', { stopAction: 'TurnOff', checkpoint: true });
    expect((await pc.vm('a')).inside).toBe('probably');
    expect(plan.remarks).toMatchObject([{ id: 'checkpoints', verdict: 'warning' }]);
    expect((await pc.ready('a', { stopAction: 'TurnOff' })).remarks).toBeUndefined();
  });
});

describe('a run whose checkpoint', () => {
  test('is refused ends before anything was changed', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    pc.simulator.fault({ cmdlet: 'Checkpoint-VM', effect: { kind: 'error', error: 'checkpoints-disabled' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual([
      'failed Checkpoint-VM',
      'skipped Stop-VM',
      'skipped Set-VMProcessor',
      'skipped Start-VM',
    ]);
    expect(done.outcome).toBe('failed');
    expect(await pc.vm('a')).toMatchObject({ state: 'Running', nesting: false, checkpoints: [] });
    expect(await pc.undoPlan(done)).toEqual({ kind: 'already-so' });
  });

  test('was turned off meanwhile stops, and says why', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.set(pc.id('a'), { checkpointType: 'Disabled' });
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['skipped Checkpoint-VM', 'skipped Set-VMProcessor', 'stopped, offer review']);
    expect((await pc.vm('a')).nesting).toBe(false);
  });

  test('was taken is not taken again when the rest is planned anew, or asked for again', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plan = await pc.ready('a', on);
    const id = pc.id('a');
    const done = await pc.carryOut(plan, {
      heard: (told) => {
        if (told.kind === 'step' && told.state === 'done' && told.step === plan.chains[0]?.steps[0]?.id)
          pc.simulator.outside.put(id, 'Off');
      },
    });
    expect(story(done)).toEqual(['done Checkpoint-VM', 'replanned', 'done Set-VMProcessor', 'done Start-VM']);
    expect(await taken(pc, 'a')).toHaveLength(1);
    expect(stillWanted(done.record.plan.wants, done.record)).toEqual([{ vm: pc.ref('a'), want: { nesting: true } }]);
  });

  test('was taken, and whose change then failed, leaves it', async () => {
    const pc = pcWith([{ name: 'a' }]);
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'error', error: 'access-denied-operation' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Checkpoint-VM', 'failed Set-VMProcessor']);
    expect(await left(pc, done)).toHaveLength(1);
  });
});

describe('the undo of a run with a checkpoint', () => {
  const verdictsOf = async (pc: RunWorld, done: Carried) => Object.values(await pc.verdicts(done));

  test('puts the values back and leaves the checkpoint', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    expect(await verdictsOf(pc, done)).toEqual(['undo', 'kept']);
    const back = await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect(story(back)).toEqual(['done Set-VMProcessor']);
    expect(await left(pc, done)).toHaveLength(1);
    expect(await pc.undoPlan(done)).toEqual({ kind: 'already-so' });
  });

  test('removes it where it is ticked: this one, not what hangs on it, nor another of its name', async () => {
    const pc = pcWith([{ name: 'a' }]);
    await pc.read();
    const done = await pc.do('a', on);
    const [own] = await taken(pc, 'a');
    const later = pc.simulator.outside.checkpoint(pc.id('a'), own?.name ?? '');
    const path: ChangePath = `${pc.id('a')}/around/checkpoint/${own?.id ?? ''}`;
    const back = await pc.carryOut(readyOf(await pc.undoPlan(done, [path])));
    expect(story(back)).toEqual(['done Set-VMProcessor', 'done Remove-VMSnapshot']);
    expect(await taken(pc, 'a')).toMatchObject([{ id: later, parent: null }]);
    expect(await pc.vm('a')).toMatchObject({ nesting: false, parentCheckpoint: later });
    expect(await verdictsOf(pc, done)).toEqual(['already-so', 'already-so']);
  });

  test('can be of the checkpoint alone: the values stay, and then there is no offer any more', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    const gone = await pc.carryOut(readyOf(await pc.planGoal(removal(done))));
    expect(story(gone)).toEqual(['done Remove-VMSnapshot']);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, checkpoints: [], parentCheckpoint: null });
    expect(await left(pc, done)).toEqual([]);
    expect(await pc.planGoal(removal(done))).toEqual({ kind: 'already-so' });
    expect(await verdictsOf(pc, done)).toEqual(['undo', 'already-so']);
  });

  test('removes it though the VM was put back to it', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    const [own] = await taken(pc, 'a');
    pc.simulator.outside.applyCheckpoint(pc.id('a'), own?.id ?? '');
    expect(await verdictsOf(pc, done)).toEqual(['already-so', 'kept']);
    expect((await pc.carryOut(readyOf(await pc.planGoal(removal(done))))).outcome).toBe('done');
    expect(await taken(pc, 'a')).toEqual([]);
  });

  test('has no offer where somebody else removed it', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    const [own] = await taken(pc, 'a');
    pc.simulator.outside.removeCheckpoint(pc.id('a'), own?.id ?? '');
    expect(await left(pc, done)).toEqual([]);
    expect(await pc.planGoal(removal(done))).toEqual({ kind: 'already-so' });
  });

  test('knows the checkpoint of a step whose end was never heard, by its name and what was there before', async () => {
    const pc = pcWith([{ name: 'a' }]);
    pc.simulator.outside.checkpoint(pc.id('a'), 'Hypernest');
    pc.simulator.fault({ cmdlet: 'Checkpoint-VM', effect: { kind: 'die', after: true } });
    const done = await pc.do('a', on);
    const ids = (await taken(pc, 'a')).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    const gone = readyOf(await pc.planGoal(removal(done)));
    expect(gone.chains[0]?.steps.map(({ do: act }) => ('call' in act ? act.call.on : undefined))).toEqual([
      { vm: pc.id('a'), checkpoint: ids[1] },
    ]);
  });
});

test('a checkpoint that was taken or removed is no drift, and none that was applied', async () => {
  const pc = pcWith([{ name: 'a' }]);
  const applied = new AppliedCheckpoints();
  let before = await pc.read();
  const look = async () => {
    const machine = await pc.read();
    applied.notice({ machine, before });
    before = machine;
    return driftsIn({ machine, records: pc.records, busy: new Set(), kept: [], applied });
  };
  const done = await pc.do('a', on);
  expect(await look()).toEqual([]);
  await pc.carryOut(readyOf(await pc.planGoal(removal(done))));
  expect(await look()).toEqual([]);
  expect(applied.of(pc.id('a'), '')).toBeUndefined();
});

test('a VM inside another has it on the machine that it is in', async () => {
  const pc = scenarioWorld('wifi-laptop');
  const lab = vmIn(thisPc, pc.id('lab'));
  await pc.enter(lab, { userName: 'dev', password: 'lab' });
  const nested = (await pc.readInside()).vms?.find(({ id }) => vmIn(thisPc, id) === lab)?.guest?.vms?.[0];
  if (!nested) throw new Error('no VM inside');
  const vm = vmIn(lab, nested.id);
  const want: VmWant = { stopAction: nested.stopAction === 'TurnOff' ? 'Save' : 'TurnOff', checkpoint: true };
  const done = await pc.carryOut(readyOf(await pc.planGoal({ kind: 'vms', wants: [{ vm, want }], consents: [] })));
  expect(story(done)).toEqual(['done Checkpoint-VM', 'done Set-VM']);
  expect(done.record.plan.chains[0]?.steps[0]?.makes).toMatchObject({ at: lab, vm: nested.id });
  const gone = await pc.carryOut(readyOf(await pc.planGoal(removal(done))));
  expect(story(gone)).toEqual(['done Remove-VMSnapshot']);
});
