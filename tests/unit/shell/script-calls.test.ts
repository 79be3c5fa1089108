/** What the window copies of a change that was carried out: the journal has it, also where the plan is shown by the id of a change of several PCs. */
import { beforeEach, expect, test, vi } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { scriptCalls } from '../../../src/shell/script-calls.js';
import { translator } from '../../../src/text/index.js';
import { stateOf } from '../../renderer/bridge.js';
import { eventsOf, ids, planOf, restartChain, runOf } from '../renderer/fixtures.js';

const copied = vi.hoisted((): string[] => []);
vi.mock('electron', () => ({ clipboard: { writeText: (text: string) => void copied.push(text) } }));
beforeEach(() => void copied.splice(0));

const copy = (span: RunRecord['span'], of?: typeof thisPc): string => {
  const record = runOf(planOf([restartChain()], { id: 'own' }), eventsOf({ kind: 'started' }), span ? { span } : {});
  const calls = scriptCalls({
    store: new AppStore(stateOf([], { runs: [record] }), () => undefined),
    worlds: { withPlan: () => ({ planOf: () => undefined }) },
    t: () => translator('en'),
    window: () => undefined,
    mayOpen: () => true,
  });
  void calls.copyScript({ plan: span ? 'whole' : 'own', which: 'run', ...(of && { of }) });
  return copied.at(-1) ?? '';
};

test.each<[string, string]>([
  ['of one PC', copy(undefined)],
  ['of several, of which one has a part', copy({ id: 'whole', part: 1, parts: 1 })],
  ['of several, of the PC that is asked for', copy({ id: 'whole', part: 1, parts: 2 }, thisPc)],
])('a change %s has its PowerShell', (_, text) => {
  expect(text).toContain(ids.lab);
});

test('of several PCs at once there is none: it would run on no PC', () => {
  expect(copy({ id: 'whole', part: 1, parts: 2 })).not.toContain(ids.lab);
});
