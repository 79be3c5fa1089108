/** What is read before a plan: a machine that does not answer is asked once, and nothing below it. */
import { vmIn, thisPc, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import { expect, it } from 'vitest';
import { freshFacts } from '../../../src/shell/plan-facts.js';
import { machineOf } from '../core/worlds.js';

it('asks a guest that cannot be reached once, and none in it', async () => {
  const asked: MachineRef[] = [];
  const machine = machineOf({});
  const facts = await freshFacts(
    {
      host: () => null,
      machine: () => machine,
      readVms: (ids, { at, inside = [] }) => {
        asked.push(inside[0] ?? at);
        return Promise.resolve(at !== thisPc || inside.length > 0 ? { kind: 'guest-not-answering' } : []);
      },
    },
    [
      { vm: vmIn(thisPc, 'l1'), inside: [vmIn(thisPc, 'l1'), vmIn(vmIn(thisPc, 'l1'), 'l2')], around: false },
      { vm: vmIn(vmIn(thisPc, 'l1'), 'l2'), inside: [vmIn(vmIn(thisPc, 'l1'), 'l2')], around: false },
    ],
    { isLenient: true },
  );
  expect(facts).toMatchObject({ at: thisPc });
  expect(asked.filter((path) => path !== thisPc)).toEqual([vmIn(thisPc, 'l1')]);
});
