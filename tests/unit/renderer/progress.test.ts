import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  currentOf,
  offSeconds,
  outcomesOf,
  phaseOf,
  progressOf,
  secondsOf,
} from '../../../src/core/run/progress.js';
import type { RunHappening } from '../../../src/core/run/record.js';
import type { ChainProgress } from '../../../src/core/run/progress.js';
import { changeOf, chainOf, eventsOf, ids, planOf, restartChain, stepEvent, stepOf } from './fixtures.js';

const chain = restartChain();
const plan = planOf([chain]);
const only = (...events: readonly RunHappening[]): ChainProgress => {
  const [first] = progressOf(plan, eventsOf(...events)).chains;
  if (!first) throw new Error('no chain');
  return first;
};
const at = (second: number): number => Date.UTC(2026, 10, 24, 8, 0, second);

describe('a run as it goes', () => {
  it('has every step still to come before it starts', () => {
    expect(only().steps.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending', 'pending']);
    expect(only().state).toBe('pending');
  });

  it('measures a step while it runs and after', () => {
    const running = only({ kind: 'started' }, stepEvent(chain, 0, 'running'));
    const [first] = running.steps;
    expect(first && secondsOf(first, at(19))).toBe(18);
    const done = only({ kind: 'started' }, stepEvent(chain, 0, 'running'), stepEvent(chain, 0, 'done'));
    expect(done.steps[0] && secondsOf(done.steps[0], at(100))).toBe(1);
  });

  it('is the same whether its events come one by one or all at once, or other events are shown between', () => {
    const all = eventsOf(
      { kind: 'started' },
      stepEvent(chain, 0, 'running'),
      stepEvent(chain, 0, 'done'),
      stepEvent(chain, 1, 'running'),
      stepEvent(chain, 1, 'failed'),
      { kind: 'ended', outcome: 'failed' },
    );
    const whole = progressOf(planOf([chain]), all);
    for (let count = 0; count <= all.length; count += 1) progressOf(plan, all.slice(0, count));
    expect(progressOf(plan, all)).toEqual(whole);
    progressOf(plan, eventsOf({ kind: 'started' }));
    expect(progressOf(plan, all)).toEqual(whole);
    expect(progressOf(plan, []).began, 'fewer events than before').toBeUndefined();
  });

  it('moves along the power line', () => {
    const steps = (upTo: number) =>
      [0, 1, 2, 3].slice(0, upTo).flatMap((n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
    expect(phaseOf(only())).toBe('before');
    expect(phaseOf(only(stepEvent(chain, 0, 'running')))).toBe('down');
    expect(phaseOf(only(...steps(1)))).toBe('off');
    expect(phaseOf(only(...steps(3)))).toBe('up');
    expect(phaseOf(only(...steps(4)))).toBe('after');
    expect(offSeconds(only(...steps(4)), at(60))).toBe(7);
  });

  it('says what runs now', () => {
    expect(currentOf(only(stepEvent(chain, 0, 'done'), stepEvent(chain, 1, 'running')))?.step.number).toBe(2);
  });

  it('keeps what has ended when the rest is planned anew', () => {
    const [down] = chain.steps;
    const fresh = chainOf([...(down ? [down] : []), stepOf(ids.lab, 2, 'power')]);
    const again = only(stepEvent(chain, 0, 'running'), stepEvent(chain, 0, 'done'), {
      kind: 'replanned',
      vm: vmIn(thisPc, ids.lab),
      because: [changeOf(ids.lab, 'nesting', false, true)],
      chain: fresh,
    });
    expect(again.steps.map(({ state }) => state)).toEqual(['done', 'pending']);
    expect(again.replanned?.because).toHaveLength(1);
  });

  it('stops one chain and lets the others go on', () => {
    const other = restartChain(ids.box, 5, 'dev-box');
    const progress = progressOf(
      planOf([chain, other]),
      eventsOf(
        stepEvent(chain, 0, 'failed', { failure: { kind: 'timed-out' } }),
        { kind: 'stopped', vm: chain.vm, why: { key: 'app.name' }, offer: 'turn-off' },
        stepEvent(other, 0, 'running'),
      ),
    );
    expect(countsOf(progress)).toMatchObject({ stopped: 1, running: 1 });
    expect(progress.chains[0]?.stopped?.offer).toBe('turn-off');
  });
});

describe('values after the run', () => {
  const nesting = changeOf(ids.lab, 'nesting', false, true);

  it('are what was read again, not what was asked', () => {
    const did = only(stepEvent(chain, 1, 'done', { readBack: [{ ...nesting, to: false }] }));
    expect(outcomesOf(did)[0]).toMatchObject({ was: false, is: false, took: 'no' });
  });

  it('are as they were where a step was not reached', () => {
    const [, stop] = outcomesOf(only(stepEvent(chain, 1, 'failed')));
    expect(stop).toMatchObject({ was: 'Save', took: 'not-done' });
  });

  it('are unknown where Windows gave no answer', () => {
    expect(outcomesOf(only(stepEvent(chain, 1, 'unknown')))[0]?.took).toBe('unknown');
  });

  it('show what Windows changed along with what was written', () => {
    const along = changeOf(ids.lab, 'memory.maximum', 2 ** 33, 2 ** 34);
    const did = only(stepEvent(chain, 1, 'done', { readBack: [nesting, along] }));
    expect(outcomesOf(did).find(({ change }) => change.path === along.path)).toMatchObject({
      was: 2 ** 33,
      is: 2 ** 34,
      took: 'yes',
    });
  });

  it('leave power out', () => {
    expect(outcomesOf(only()).map(({ change }) => change.path)).toEqual([
      `${ids.lab}/nesting`,
      `${ids.lab}/stopAction`,
    ]);
  });
});
