/** What is read before a plan: a machine that does not answer is asked once, and nothing below it. */
import { expect, it } from 'vitest';
import { keyOf } from '../../../src/core/machine/tree.js';
import { freshFacts } from '../../../src/shell/plan-facts.js';
import { machineOf } from '../core/worlds.js';

it('asks a guest that cannot be reached once, and none in it', async () => {
  const asked: string[] = [];
  const machine = machineOf({});
  const facts = await freshFacts(
    {
      machine: () => machine,
      readVms: (ids, { at = [], inside = [] } = {}) => {
        asked.push(keyOf(inside[0] ?? at));
        return Promise.resolve(at.length > 0 || inside.length > 0 ? { kind: 'guest-not-answering' } : []);
      },
    },
    [
      { at: [], vm: 'l1', inside: [['l1'], ['l1', 'l2']] },
      { at: ['l1'], vm: 'l2', inside: [['l1', 'l2']] },
    ],
    { isLenient: true },
  );
  expect(facts).toMatchObject({ at: [] });
  expect(asked.filter((path) => path !== keyOf([]))).toEqual([keyOf(['l1'])]);
});
