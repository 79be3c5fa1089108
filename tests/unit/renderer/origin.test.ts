import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { closesTo, crumbsOf, type Origin } from '../../../renderer/wizard/origin.js';
import { translator } from '../../../src/text/index.js';
import { ids, vmOf } from './fixtures.js';

const memory = { startup: 2 ** 33 };
const goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, ids.lab), want: { memory } }], consents: [] } as const;
const undo = { kind: 'undo', run: 'r1', consents: [] } as const;
const origin = (change: Partial<Origin> = {}): Origin => ({
  at: thisPc,
  opening: { kind: 'goal', goal },
  setup: undefined,
  goal,
  page: vmOf(),
  ...change,
});
const fromMemory = origin({ opening: { kind: 'goal', goal, from: 'memory' } });
const pagesOf = (from: Origin): unknown[] => crumbsOf(translator('en'), from).map(({ to }) => to);

describe('where a wizard was opened from', () => {
  it.each([
    ['the page of its VM', origin(), [{ page: 'machines' }, { page: 'machines', vm: vmIn(thisPc, ids.lab) }]],
    ['all VMs, where it is for several', origin({ page: undefined }), [{ page: 'machines' }]],
    ['the setup', origin({ setup: 'network' }), [{ page: 'setup', after: 'network' }]],
    ['History, for a run', origin({ opening: { kind: 'run', run: 'r1' }, goal: undefined }), [{ page: 'activity' }]],
    ['History, for an undo', origin({ opening: { kind: 'goal', goal: undo }, goal: undo }), [{ page: 'activity' }]],
  ])('is %s: it stands above, and is closed to', (_, from, pages) => {
    expect(pagesOf(from)).toEqual(pages);
    expect(closesTo(from, false)).toEqual(pages.at(-1));
  });

  it('is the page of the memory as it was left, until it has been carried out', () => {
    expect(pagesOf(fromMemory).at(-1)).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.lab), edits: memory });
    expect(closesTo(fromMemory, false)).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.lab), edits: memory });
    expect(closesTo(fromMemory, true)).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.lab) });
  });
});
