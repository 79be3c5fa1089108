import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import type { VmWant } from '../../../src/core/machine/goal.js';
import type { Plan } from '../../../src/core/change/step.js';
import { parsePath, pathOf } from '../../../src/core/change/paths.js';
import { leftOff, progressOf } from '../../../src/core/run/progress.js';
import { idsFrom, type VmWish } from '../../../simulator/scenarios/build.js';
import { pcWith, readyOf, scenarioWorld, story, type Carried, type RunWorld } from './run-world.js';

const GiB = 2 ** 30;
const on: VmWant = { nesting: true };
const because = (carried: { events: readonly object[] }) =>
  carried.events.flatMap((event) =>
    'because' in event ? (event.because as { path: string; from: unknown; to: unknown }[]) : [],
  );
const short = (list: readonly { path: string; from: unknown; to: unknown }[]) =>
  list.map(({ path, from, to }) => [parsePath(path)?.property, from, to]);

describe('nesting on', () => {
  test('where the VM is off: one step, read back, nothing started', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Set-VMProcessor']);
    expect(done.record.plan.consents).toEqual([]);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Off' });
    expect(await pc.plan('a', on)).toEqual({ kind: 'already-so' });
  });

  test('where it runs: asked to shut down, set, started again', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plan = await pc.ready('a', on);
    expect(plan.consents).toEqual([{ consent: 'shut-down', vms: [vmIn(thisPc, pc.id('a'))], given: false }]);
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['done Stop-VM', 'done Set-VMProcessor', 'done Start-VM']);
    expect(done.changes.some(({ force }) => force)).toBe(false);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running' });
  });

  test('where it is paused: resumed, shut down, set, started again', async () => {
    const pc = pcWith([{ name: 'a', state: 'Paused' }]);
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Resume-VM', 'done Stop-VM', 'done Set-VMProcessor', 'done Start-VM']);
    expect(done.record.plan.oneWay.map(({ reason }) => reason.key)).toEqual(['plan.oneWayPower']);
  });

  test('is not needed for what can change while it is paused: it stays paused', async () => {
    const pc = pcWith([{ name: 'a', state: 'Paused' }]);
    const done = await pc.do('a', { stopAction: 'TurnOff' });
    expect(story(done)).toEqual(['done Set-VM']);
    expect(done.record.plan.chains[0]?.power).toBeNull();
    expect((await pc.vm('a')).state).toBe('Paused');
  });

  test('where it is saved: not without a choice', async () => {
    const pc = pcWith([{ name: 'a', state: 'Saved' }]);
    const result = await pc.plan('a', on);
    expect(result).toMatchObject({ kind: 'blocked', by: [{ name: 'a', checks: [{ id: 'vm-state' }] }] });
  });

  test('where it is saved and the work is to be kept: started, awaited, shut down', async () => {
    const pc = pcWith([{ name: 'a', state: 'Saved' }]);
    const done = await pc.do('a', { ...on, savedState: 'resume' });
    expect(story(done)).toEqual(['done Start-VM', 'done wait', 'done Stop-VM', 'done Set-VMProcessor']);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Off' });
    expect(await pc.verdicts(done)).toEqual({ power: 'one-way', nesting: 'undo' });
  });

  test('where it is saved and the work may go: dropped with a consent of its own', async () => {
    const pc = pcWith([{ name: 'a', state: 'Saved' }]);
    const plan = await pc.ready('a', { ...on, savedState: 'drop' });
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['drop-saved-state']);
    expect(plan.oneWay.map(({ path }) => parsePath(path)?.property)).toContain('savedState');
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['done Remove-VMSavedState', 'done Set-VMProcessor']);
  });

  test.each(['amd-on-windows-10', 'arm64'] as const)('on %s: blocked, with the checks that say why', async (name) => {
    const pc = scenarioWorld(name);
    const result = await pc.plan('dev-box', on);
    if (result.kind !== 'blocked') throw new Error(result.kind);
    const checks = result.by.flatMap((one) => one.checks);
    expect(checks.map(({ id }) => id)).toContain(name === 'arm64' ? 'architecture' : 'windows');
    expect(checks.every(({ verdict }) => verdict === 'blocker')).toBe(true);
  });

  test('off is never blocked by the host', async () => {
    for (const name of ['amd-on-windows-10', 'arm64'] as const) {
      const pc = scenarioWorld(name);
      pc.simulator.outside.set(pc.id('dev-box'), { nesting: true });
      const done = await pc.do('dev-box', { nesting: false });
      expect(done.outcome).toBe('done');
    }
  });

  test('with an old version: blocked, and goes with the upgrade, which is one-way and agreed to', async () => {
    const pc = pcWith([{ name: 'a', version: '5.0' }]);
    expect(await pc.plan('a', on)).toMatchObject({
      kind: 'blocked',
      by: [{ checks: [{ id: 'configuration-version' }] }],
    });
    const plan = await pc.ready('a', { ...on, version: '12.0' });
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['upgrade-version']);
    expect(plan.oneWay.map(({ reason }) => reason.key)).toEqual(['plan.oneWayVersion']);
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['done Update-VMVersion', 'done Set-VMProcessor']);
    expect(await pc.verdicts(done)).toEqual({ version: 'one-way', nesting: 'undo' });
    await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect(await pc.vm('a')).toMatchObject({ nesting: false, version: '12.0' });
  });
});

describe('memory', () => {
  test('above the maximum raises that too, in one call, and both go back', async () => {
    const pc = pcWith([{ name: 'a', settings: { dynamicMemory: true, startup: 2 * GiB, maximum: 4 * GiB } }]);
    const done = await pc.do('a', { memory: { startup: 8 * GiB } });
    expect(story(done)).toEqual(['done Set-VMMemory']);
    expect((await pc.vm('a')).memory).toMatchObject({ startup: 8 * GiB, maximum: 8 * GiB });
    await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect((await pc.vm('a')).memory).toMatchObject({ startup: 2 * GiB, maximum: 4 * GiB });
  });

  test('without dynamic memory leaves the maximum alone: Windows refuses it', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', { memory: { startup: 8 * GiB, maximum: 16 * GiB } });
    expect(done.outcome).toBe('done');
    expect(await pc.plan('a', { memory: { startup: 8 * GiB, maximum: 16 * GiB } })).toEqual({ kind: 'already-so' });
  });
});

describe('nested VMs', () => {
  test('are named before their host goes down, saved ones too', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running', settings: { nesting: true } }]);
    const read = await pc.read();
    const nested = [
      { name: 'runs', state: 'Running' },
      { name: 'sleeps', state: 'Saved' },
      { name: 'off', state: 'Off' },
    ] as const;
    const { planWants } = await import('../../../src/core/change/plan.js');
    const known = { ...read, vms: read.vms?.map((vm) => ({ ...vm, nested })) };
    const wants = [{ vm: vmIn(thisPc, pc.id('a')), want: { nesting: false } }];
    const plan = readyOf(planWants(known, { kind: 'vms', wants, consents: [] }, wants, { id: 'p' }));
    expect(plan.chains[0]?.nested.map(({ name }) => name)).toEqual(['runs', 'sleeps']);
  });
});

describe('somebody else, in the middle of a run', () => {
  test('renames the VM: the run goes on', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const id = pc.id('a');
    const done = await pc.do('a', on, [], {
      heard: (event) => {
        if (event.kind === 'step' && event.state === 'done') pc.simulator.outside.rename(id, 'new name');
      },
    });
    expect(done.outcome).toBe('done');
    expect(await pc.vm('new name')).toMatchObject({ nesting: true, state: 'Running' });
    expect(await pc.verdicts(done)).toMatchObject({ nesting: 'undo' });
  });

  test('deletes the VM: said, and nothing else is touched', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }, { name: 'b' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.remove(pc.id('a'));
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['failed Stop-VM', 'skipped Set-VMProcessor', 'skipped Start-VM']);
    expect(done.events.find((event) => event.kind === 'step' && event.failure)).toMatchObject({
      failure: { kind: 'not-found' },
    });
    expect(done.outcome).toBe('failed');
  });

  test('imports it again: the copy has a new id and is not taken for it', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on);
    pc.simulator.outside.importAgain(pc.id('a'));
    expect(await pc.verdicts(done)).toEqual({ nesting: 'gone' });
    expect(await pc.undoPlan(done)).toEqual({ kind: 'already-so' });
    expect(await pc.vm('a')).toMatchObject({ nesting: true });
  });

  test('shuts it down: planned again, said because of what, started again as it was', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.put(pc.id('a'), 'Off');
    const done = await pc.carryOut(plan);
    expect(short(because(done))).toEqual([['power', 'running', 'off']]);
    expect(story(done)).toEqual(['replanned', 'done Set-VMProcessor', 'done Start-VM']);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running' });
  });

  test('does it first: nothing is left to do', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.set(pc.id('a'), { nesting: true });
    const done = await pc.carryOut(plan);
    expect(done.outcome).toBe('done');
    expect(done.changes).toEqual([]);
    expect(short(because(done))).toEqual([['nesting', false, true]]);
  });

  test('starts it: it would have to be shut down, which nobody agreed to', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.put(pc.id('a'), 'Running');
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['stopped, offer review', 'skipped Set-VMProcessor']);
    expect(done.changes).toEqual([]);
    expect(await pc.vm('a')).toMatchObject({ nesting: false, state: 'Running' });
  });

  test('saves it: the saved state stays', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plan = await pc.ready('a', { ...on, savedState: 'drop' });
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['shut-down']);
    pc.simulator.outside.put(pc.id('a'), 'Saved');
    const done = await pc.carryOut(plan);
    expect(story(done)[0]).toBe('stopped, offer review');
    expect(await pc.vm('a')).toMatchObject({ state: 'Saved' });
  });

  test('is still starting it: what is under way is waited for, then looked at', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.outside.put(pc.id('a'), 'Starting');
    pc.simulator.clock.after(4000, () => pc.simulator.outside.put(pc.id('a'), 'Off'));
    expect((await pc.carryOut(plan)).outcome).toBe('done');
  });

  test('applies a checkpoint after the run: the old values are back, nothing is to be undone', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const checkpoint = pc.simulator.outside.checkpoint(pc.id('a'), 'before');
    const done = await pc.do('a', on);
    expect(await pc.verdicts(done)).toEqual({ nesting: 'undo' });
    pc.simulator.outside.applyCheckpoint(pc.id('a'), checkpoint);
    expect(await pc.verdicts(done)).toEqual({ nesting: 'already-so' });
    expect(await pc.undoPlan(done)).toEqual({ kind: 'already-so' });
  });
});

describe('two runs on one value', () => {
  const twoRuns = async () => {
    const pc = pcWith([{ name: 'a', settings: { startup: 2 * GiB } }]);
    const first = await pc.do('a', { memory: { startup: 4 * GiB } });
    const second = await pc.do('a', { memory: { startup: 8 * GiB } });
    const startup = async () => (await pc.vm('a')).memory.startup;
    return { pc, first, second, startup };
  };

  test('put back newest first: as it was', async () => {
    const { pc, first, second, startup } = await twoRuns();
    await pc.carryOut(readyOf(await pc.undoPlan(second)));
    expect(await startup()).toBe(4 * GiB);
    await pc.carryOut(readyOf(await pc.undoPlan(first)));
    expect(await startup()).toBe(2 * GiB);
  });

  test('put back oldest first: not ours any more, unless ticked', async () => {
    const { pc, first, second, startup } = await twoRuns();
    expect(await pc.verdicts(first)).toEqual({ 'memory.startup': 'somebody-else' });
    expect(await pc.undoPlan(first)).toEqual({ kind: 'already-so' });
    await pc.carryOut(readyOf(await pc.undoPlan(first, [pathOf(pc.id('a'), 'memory.startup')])));
    expect(await startup()).toBe(2 * GiB);
    expect(await pc.verdicts(second)).toEqual({ 'memory.startup': 'somebody-else' });
  });

  test('at the same time: one after the other, never both', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plans = [await pc.ready('a', on), await pc.ready('a', { memory: { startup: 6 * GiB } })] as const;
    const order: string[] = [];
    const runs = plans.map((plan, index) =>
      pc.carryOut(plan, {
        heard: (event) => {
          if (event.kind === 'step') order.push(`${index} ${event.state}`);
        },
      }),
    );
    const outcomes = (await Promise.all(runs)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['done', 'done']);
    expect(order.findIndex((one) => one.startsWith('1'))).toBe(order.findLastIndex((one) => one.startsWith('0')) + 1);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running', memory: { startup: 6 * GiB } });
  });
});

describe('a guest that does not shut down', () => {
  test('because it is locked: turning off is offered, and done only when agreed to', async () => {
    const pc = scenarioWorld('locked-guest');
    const first = await pc.do('Lab DC 01', on);
    expect(story(first)).toEqual([
      'failed Stop-VM',
      'skipped Set-VMProcessor',
      'skipped Start-VM',
      'stopped, offer turn-off',
    ]);
    expect(await pc.vm('Lab DC 01')).toMatchObject({ state: 'Running', nesting: false });
    const plan = await pc.ready('Lab DC 01', on, ['turn-off']);
    // Asking for such a plan is not agreeing to it: that is a tick of its own.
    expect(plan.consents).toMatchObject([{ consent: 'turn-off', given: false }]);
    const second = await pc.carryOut(plan);
    expect(story(second)).toEqual(['done Stop-VM/TurnOff', 'done Set-VMProcessor', 'done Start-VM']);
    expect(second.changes.some(({ force }) => force)).toBe(false);
  });

  test('because it hangs: offered after ten minutes, and works while it still says that it shuts down', async () => {
    const pc = scenarioWorld('locked-guest');
    pc.simulator.outside.set(pc.id('win11 $(nested)'), { nesting: false });
    const first = await pc.do('win11 $(nested)', on);
    expect(story(first).at(-1)).toBe('stopped, offer turn-off');
    expect(first.outcome).toBe('unknown');
    const second = await pc.do('win11 $(nested)', on, ['turn-off']);
    expect(story(second)).toEqual(['done Stop-VM/TurnOff', 'done Set-VMProcessor', 'done Start-VM']);
  });

  test('because its shutdown service is off: never asked in a way that could turn it off; turning off is offered', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running', shutdownService: false }]);
    const first = await pc.do('a', on);
    expect(story(first).slice(-2)).toEqual(['skipped Start-VM', 'stopped, offer turn-off']);
    expect(first.changes).toEqual([]);
    expect(first.events.find(({ kind }) => kind === 'stopped')).toMatchObject({
      why: { key: 'plan.stoppedCannotAsk' },
    });
    const second = await pc.do('a', on, ['turn-off']);
    expect(second.outcome).toBe('done');
  });

  test('because Windows refuses the call: turning off is not offered, it would be refused too', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    pc.simulator.fault({ cmdlet: 'Stop-VM', effect: { kind: 'error', error: 'access-denied-operation' } });
    expect(story(await pc.do('a', on))).toEqual(['failed Stop-VM', 'skipped Set-VMProcessor', 'skipped Start-VM']);
  });

  test('because Windows installs updates: waited for', async () => {
    const pc = scenarioWorld('locked-guest');
    pc.simulator.outside.set(pc.id('k8s-node-1'), { nesting: false });
    expect((await pc.do('k8s-node-1', on)).outcome).toBe('done');
  });
});

describe('what goes wrong', () => {
  test('a value that rolls back is not said to be set', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'no-effect' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'failed Set-VMProcessor', 'done Start-VM']);
    expect(done.events.find((event) => event.kind === 'step' && event.state === 'failed')).toMatchObject({
      failure: { kind: 'not-taken' },
    });
    expect(done.outcome).toBe('partly');
    expect(await pc.verdicts(done)).toEqual({ power: 'already-so' });
  });

  test('a session that dies after the change took: read, and done', async () => {
    const pc = scenarioWorld('session-lost');
    const done = await pc.do('dev-box', { ...on, power: 'running' });
    expect(story(done)).toEqual(['done Set-VMProcessor', 'done Start-VM']);
  });

  test('a session that dies before the change took: unknown, not tried again, and nothing to undo', async () => {
    const pc = pcWith([{ name: 'a' }]);
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'die' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['unknown Set-VMProcessor']);
    expect(done.outcome).toBe('unknown');
    expect(done.changes).toHaveLength(1);
    expect(await pc.verdicts(done)).toEqual({ nesting: 'already-so' });
  });

  test('a change that was made and could not be read back can be undone', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const plan = await pc.ready('a', on);
    pc.simulator.fault({ cmdlet: 'Get-VM', nth: 3, onwards: false, effect: { kind: 'error', error: 'vmms-stopped' } });
    const done = await pc.carryOut(plan);
    expect(done.outcome).toBe('unknown');
    expect(await pc.verdicts(done)).toEqual({ nesting: 'undo' });
  });

  test('in one chain leaves the others alone', async () => {
    const pc = pcWith([
      { name: 'a', state: 'Running', guest: { obeys: 'locked' } },
      { name: 'b', state: 'Running' },
    ]);
    const wants = ['a', 'b'].map((name) => ({ vm: vmIn(thisPc, pc.id(name)), want: on }));
    const done = await pc.carryOut(readyOf(await pc.planGoal({ kind: 'vms', wants, consents: [] })));
    expect(done.outcome).toBe('partly');
    expect(await pc.vm('b')).toMatchObject({ nesting: true, state: 'Running' });
    expect(await pc.vm('a')).toMatchObject({ nesting: false, state: 'Running' });
  });
});

describe('a journal that cannot be written', () => {
  /** From the line with this number on it takes none. */
  const full = async (from: number, wants: Readonly<Record<string, VmWant>>, wishes: readonly VmWish[]) => {
    const pc = pcWith(wishes);
    const goals = Object.entries(wants).map(([name, want]) => ({ vm: vmIn(thisPc, pc.id(name)), want }));
    const plan = readyOf(await pc.planGoal({ kind: 'vms', wants: goals, consents: [] }));
    let line = 0;
    const done = await pc.carryOut(plan, { writes: () => line++ < from });
    return { pc, done, lines: line };
  };
  const memory: VmWant = { nesting: true, memory: { startup: 6 * GiB } };

  test.each(['Running', 'Paused'] as const)('%s: at whichever line it fails, the VM runs again', async (state) => {
    const whole = await full(Infinity, { a: memory }, [{ name: 'a', state }]);
    expect(whole.done.outcome).toBe('done');
    for (let from = 0; from < whole.lines; from++) {
      const { pc, done } = await full(from, { a: memory }, [{ name: 'a', state }]);
      const { state: now } = await pc.vm('a');
      expect([from, now]).toEqual([from, done.changes.length === 0 ? state : 'Running']);
      // What was not begun is not said to be done.
      expect(done.outcome === 'done').toBe(story(done).join() === story(whole.done).join());
      expect(done.events.at(-1)).toMatchObject({ kind: 'ended', outcome: done.outcome });
      // No change without its line, but for the start that is owed.
      const begun = done.changes.filter(({ cmdlet }) => cmdlet !== 'Start-VM').length;
      expect(begun).toBeLessThanOrEqual(Math.floor(from / 2));
      const back = await pc.undoPlan(done);
      if (back.kind === 'ready') await pc.carryOut(back.plan);
      expect(await pc.vm('a')).toMatchObject({ nesting: false, state: now });
    }
  });

  test('begins nothing on any VM, and starts none that was off', async () => {
    const wishes = [{ name: 'a', state: 'Running' }, { name: 'b' }, { name: 'c', state: 'Running' }] as const;
    const wants = { a: on, b: { ...on, power: 'running' }, c: on } as const;
    const { lines } = await full(Infinity, wants, wishes);
    for (let from = 0; from < lines; from++) {
      const { pc, done } = await full(from, wants, wishes);
      expect([from, (await pc.vm('a')).state, (await pc.vm('c')).state]).toEqual([from, 'Running', 'Running']);
      if (from === 0) expect(done.changes).toEqual([]);
    }
    const { pc, done } = await full(2, { b: wants.b }, [{ name: 'b' }]);
    expect((await pc.vm('b')).state).toBe('Off');
    const why = done.events.flatMap((event) => (event.kind === 'stopped' ? [event.why.key] : []));
    expect(why).toEqual(['plan.stoppedUnwritable']);
  });

  test('where somebody else has started the VM meanwhile it is not started twice', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const plan = await pc.ready('a', on);
    let isFull = false;
    const done = await pc.carryOut(plan, {
      writes: () => !isFull,
      heard: (event) => {
        if (event.kind !== 'step' || event.state !== 'done' || isFull) return;
        isFull = true;
        pc.simulator.outside.put(pc.id('a'), 'Running');
      },
    });
    expect(done.changes.map(({ cmdlet }) => cmdlet)).toEqual(['Stop-VM']);
    expect(done.outcome).toBe('partly');
  });
});

describe('a step whose end is not known', () => {
  /** The app was killed just after it had written down that this step begins. */
  const killedAt = (carried: Carried, number: number): Carried => {
    const id = carried.record.plan.chains[0]?.steps.find((step) => step.number === number)?.id;
    const at = carried.events.findIndex((event) => event.kind === 'step' && event.step === id);
    const events = carried.events.slice(0, at + 1);
    const { outcome: _, ...record } = carried.record;
    return { ...carried, events, record: { ...record, events } };
  };
  const started = async (state: 'Off' | 'Running') => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'done Set-VMProcessor', 'done Start-VM']);
    pc.simulator.outside.put(pc.id('a'), state);
    return { pc, killed: killedAt(done, 3) };
  };
  const backIn = async (pc: RunWorld, carried: Carried) => {
    await pc.carryOut(readyOf(await pc.undoPlan(carried)));
    return pc.vm('a');
  };

  test.each(['Off', 'Running'] as const)('killed as it starts: %s, and runs again when it is undone', async (state) => {
    const { pc, killed } = await started(state);
    expect(await pc.verdicts(killed)).toEqual({
      power: state === 'Off' ? 'undo' : 'already-so',
      nesting: 'undo',
    });
    expect(await backIn(pc, killed)).toMatchObject({ state: 'Running', nesting: false });
  });

  test('killed as it starts: what somebody else did to it since is theirs', async () => {
    const { pc, killed } = await started('Off');
    pc.simulator.outside.put(pc.id('a'), 'Saved');
    expect(await pc.verdicts(killed)).toMatchObject({ power: 'somebody-else' });
  });

  test('unknown: a start without a reply leaves it off, and it runs again when it is undone', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    pc.simulator.fault({ cmdlet: 'Start-VM', nth: 1, onwards: false, effect: { kind: 'hang' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'done Set-VMProcessor', 'unknown Start-VM']);
    expect(await pc.verdicts(done)).toEqual({ power: 'undo', nesting: 'undo' });
    expect(await backIn(pc, done)).toMatchObject({ state: 'Running', nesting: false });
  });

  test('killed between two writes of one value: both are ours', async () => {
    const pc = pcWith([{ name: 'a', settings: { startup: 2 * GiB } }]);
    const first = await pc.do('a', { memory: { startup: 4 * GiB } });
    const second = await pc.do('a', { memory: { startup: 8 * GiB } });
    const events = [...first.events, ...killedAt(second, 1).events];
    const steps = [first, second].flatMap(({ record }) => record.plan.chains.flatMap((chain) => chain.steps));
    const chains = first.record.plan.chains.map((chain) => ({ ...chain, steps }));
    const both = { ...first, events, record: { ...first.record, plan: { ...first.record.plan, chains }, events } };
    for (const [startup, verdict] of [
      [8, 'undo'],
      [4, 'undo'],
      [2, 'already-so'],
      [6, 'somebody-else'],
    ] as const) {
      pc.simulator.outside.set(pc.id('a'), { startup: startup * GiB });
      expect(await pc.verdicts(both)).toEqual({ 'memory.startup': verdict });
    }
  });
});

describe('cancelling', () => {
  test('between steps leaves what was done, says what was not, and starts what ran before', async () => {
    const pc = pcWith([{ name: 'a', state: 'Running' }]);
    const stop = new AbortController();
    const done = await pc.do('a', on, [], {
      signal: stop.signal,
      heard: (event) => {
        if (event.kind === 'step' && event.state === 'done') stop.abort();
      },
    });
    expect(story(done)).toEqual(['done Stop-VM', 'cancelled Set-VMProcessor', 'done Start-VM']);
    expect(done.outcome).toBe('partly');
    expect((await pc.vm('a')).state).toBe('Running');
    expect(leftOff(progressOf(done.record.plan, done.events))).toEqual([]);
  });

  test('before the first step changes nothing', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const done = await pc.do('a', on, [], { signal: AbortSignal.abort() });
    expect(done.outcome).toBe('cancelled');
    expect(done.changes).toEqual([]);
  });

  test('while a guest that was saved does not answer ends the wait', async () => {
    const pc = pcWith([{ name: 'a', state: 'Saved', guest: { kind: 'none' } }]);
    const stop = new AbortController();
    const began = pc.seconds;
    const done = await pc.do('a', { ...on, savedState: 'resume' }, [], {
      signal: stop.signal,
      heard: (event) => {
        if (event.kind === 'step' && event.state === 'done') pc.simulator.clock.after(10_000, () => stop.abort());
      },
    });
    expect(story(done).slice(0, 2)).toEqual(['done Start-VM', 'cancelled wait']);
    expect(pc.seconds - began).toBeLessThan(60);
  });
});

test('a path is read as it is written, whatever the adapter is called', () => {
  const id = idsFrom(3)();
  expect(parsePath(`${id}/adapters/Microsoft:A\\B/macSpoofing`)).toEqual({
    vm: id,
    property: 'macSpoofing',
    adapter: 'Microsoft:A\\B',
  });
  for (const foreign of ['', id, `${id}/`, `${id}/macSpoofing`, `${id}/toString`, `x/${id}/nesting`])
    expect(parsePath(foreign)).toBeUndefined();
});

describe('dynamic memory', () => {
  const limits = { dynamicMemory: true, startup: 4 * GiB, minimum: 2 * GiB, maximum: 8 * GiB };

  test('a startup below the minimum takes the minimum along, shown as a change, and both go back', async () => {
    const pc = pcWith([{ name: 'a', settings: limits }]);
    const plan = await pc.ready('a', { memory: { startup: GiB } });
    expect(changesOfPlan(plan)).toEqual([
      ['memory.startup', 4 * GiB, GiB],
      ['memory.minimum', 2 * GiB, GiB],
    ]);
    const done = await pc.carryOut(plan);
    expect(done.outcome).toBe('done');
    expect((await pc.vm('a')).memory).toMatchObject({ startup: GiB, minimum: GiB, maximum: 8 * GiB });
    await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect((await pc.vm('a')).memory).toMatchObject({ startup: 4 * GiB, minimum: 2 * GiB, maximum: 8 * GiB });
  });

  test.each([
    [{ startup: GiB, minimum: 2 * GiB }, 'checks.memoryBelow'],
    [{ maximum: 2 * GiB }, 'checks.memoryAbove'],
  ])('what Windows would refuse is said before: %o', async (memory, key) => {
    const pc = pcWith([{ name: 'a', settings: limits }]);
    expect(await pc.plan('a', { memory })).toMatchObject({
      kind: 'blocked',
      by: [{ name: 'a', checks: [{ verdict: 'blocker', title: { key } }] }],
    });
  });

  test('without it there are no limits: any startup may be had', async () => {
    const pc = pcWith([{ name: 'a', settings: { ...limits, dynamicMemory: false } }]);
    expect((await pc.do('a', { memory: { startup: GiB } })).outcome).toBe('done');
  });
});

const changesOfPlan = ({ chains }: Plan) =>
  chains.flatMap(({ steps }) =>
    steps.flatMap(({ changes }) => changes.map(({ path, from, to }) => [path.slice(37), from, to])),
  );
