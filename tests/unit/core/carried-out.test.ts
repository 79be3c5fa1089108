import { idOf } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { carriedOut } from '../../../src/core/run/progress.js';
import { eventsOf, planOf, restartChain, stepEvent, stepOf } from '../renderer/fixtures.js';

const chain = restartChain();
const plan = planOf([chain]);
const idsOf = (of: ReturnType<typeof carriedOut>): readonly string[] =>
  of.chains.flatMap(({ steps }) => steps.map(({ id }) => id));

describe('the script of a run of long ago', () => {
  it('is the plan where nothing was planned anew', () => {
    const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running'), stepEvent(chain, 0, 'done'));
    expect(carriedOut({ plan, events })).toEqual(plan);
  });

  it('holds what was done, and what was planned anew in place of the rest', () => {
    const again = stepOf(idOf(chain.vm), 5, 'power');
    const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'), stepEvent(chain, 1, 'running'), {
      kind: 'replanned',
      vm: chain.vm,
      because: [],
      chain: { ...chain, steps: [again] },
    });
    expect(idsOf(carriedOut({ plan, events }))).toEqual([chain.steps[0]?.id, again.id]);
  });
});
