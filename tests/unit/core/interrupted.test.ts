/** The sign-in ends in the middle of a run: whenever that is, what ran before runs again, and nothing else is begun. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import type { VmWant } from '../../../src/core/machine/goal.js';
import { INTERRUPTED } from '../../../src/core/run/deps.js';
import type { RunHappening } from '../../../src/core/run/record.js';
import type { VmState } from '../../../src/core/machine/machine.js';
import { pcWith, readyOf, type Carried, type RunWorld } from './run-world.js';

const wanted: VmWant = { nesting: true, stopAction: 'ShutDown', memory: { startup: 2 ** 32 } };

/** Two VMs changed by one run, interrupted after so many events; undefined: not at all. */
async function interrupted(state: VmState, after: number | undefined): Promise<{ pc: RunWorld; done: Carried }> {
  const pc = pcWith([
    { name: 'a', state, up: 600 },
    { name: 'b', state: 'Running', up: 600 },
  ]);
  await pc.read();
  const stop = new AbortController();
  let heard = 0;
  const want = state === 'Saved' ? { ...wanted, savedState: 'resume' as const } : wanted;
  const plan = readyOf(
    await pc.planGoal({
      kind: 'vms',
      wants: [
        { vm: vmIn(thisPc, pc.id('a')), want },
        { vm: vmIn(thisPc, pc.id('b')), want: wanted },
      ],
      consents: ['shut-down'],
    }),
  );
  const done = await pc.carryOut(plan, {
    signal: stop.signal,
    heard: () => {
      heard++;
      if (heard === after) stop.abort(INTERRUPTED);
    },
  });
  return { pc, done };
}

const begunAfter = (events: readonly RunHappening[], count: number): readonly string[] =>
  events.slice(count).flatMap((event) => (event.kind === 'step' && event.state === 'running' ? [event.step] : []));

describe.each(['Running', 'Paused', 'Off', 'Saved'] as const)('a VM that is %s, beside one that runs', (state) => {
  test('at any moment: what ran runs, what was off is not started, and no outcome is written unless all was done', async () => {
    const whole = (await interrupted(state, undefined)).done.events.length;
    expect(whole).toBeGreaterThan(8);
    let cut = 0;
    for (let after = 1; after < whole; after++) {
      const { pc, done } = await interrupted(state, after);
      const where = `interrupted after event ${String(after)} of ${String(whole)}`;
      const [a, b] = [await pc.vm('a'), await pc.vm('b')];
      expect(b.state, where).toBe('Running');
      if (state === 'Off') expect(a.state, where).toBe('Off');
      // What was saved is shut down by the plan itself, and ends off.
      else if (state !== 'Saved') expect(a.state, where).not.toBe('Off');
      const ended = done.events.some(({ kind }) => kind === 'ended');
      if (ended) expect(done.outcome, where).toBe('done');
      else cut++;
      const steps = done.record.plan.chains.flatMap((chain) => chain.steps);
      const titles = begunAfter(done.events, after).map((id) => {
        const act = steps.find((step) => step.id === id)?.do;
        return act && 'call' in act ? act.call.cmdlet : 'wait';
      });
      // What is begun afterwards gives a VM back, and nothing else.
      if (!ended)
        expect(
          titles.filter((cmdlet) => cmdlet !== 'Start-VM'),
          where,
        ).toEqual([]);
    }
    expect(cut).toBeGreaterThan(0);
  });
});
