/** What is said of a VM whose system is being installed: a guess, from what was made and what answers. */
import { describe, expect, it } from 'vitest';
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import type { NewVm } from '../../../src/core/machine/goal.js';
import { isInstalling } from '../../../src/core/run/installing.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import { guid, vmOf } from './worlds.js';

const wished: NewVm = {
  name: 'new',
  disk: { kind: 'empty', path: 'D:\\new.vhdx', size: 2 ** 36 },
  iso: 'D:\\a.iso',
  processors: 2,
  memory: 2 ** 32,
  secureBoot: 'windows',
  tpm: true,
  switchName: null,
  nesting: true,
  start: true,
};
const recordOf = (vm: NewVm, but: Partial<RunRecord> = {}): RunRecord => ({
  id: 'r',
  schema: 1,
  order: 1,
  appVersion: '0',
  goal: { kind: 'create', vm, consents: [] },
  plan: {
    id: 'p',
    goal: { kind: 'create', vm, consents: [] },
    wants: [],
    readAt: '',
    chains: [],
    consents: [],
    oneWay: [],
    blocked: [],
  },
  events: [
    {
      kind: 'step',
      run: 'r',
      seq: 1,
      time: '',
      elapsed: 0,
      vm: vmIn(thisPc, guid(9)),
      step: 's',
      state: 'done',
      made: { what: 'vm', at: thisPc, id: guid(1), name: 'new' },
    },
  ],
  outcome: 'done',
  ...but,
});
const running = vmOf(1, { state: 'Running', heartbeat: 'NoContact' });

describe('a system is probably being installed', () => {
  it('in a VM that was made from an image, runs, and does not answer', () => {
    expect(isInstalling(running, [recordOf(wished)])).toBe(true);
    expect(isInstalling({ ...running, heartbeat: null }, [recordOf(wished)])).toBe(true);
  });

  it.each([
    ['it answers', { ...running, heartbeat: 'OkApplicationsHealthy' as const }, recordOf(wished)],
    ['it is off', { ...running, state: 'Off' as const }, recordOf(wished)],
    ['its heartbeat is not known', { ...running, heartbeat: undefined }, recordOf(wished)],
    ['it is another', { ...running, id: guid(2) }, recordOf(wished)],
    ['that was undone', running, recordOf(wished, { undoneBy: 'u' })],
    ['of that nothing is certain', running, recordOf(wished, { trouble: 'broken' })],
  ])('but not where %s', (_, vm, record) => {
    expect(isInstalling(vm, [record])).toBe(false);
  });

  it('nor in one that was made of a disk', () => {
    const { iso: _, ...ofDisk } = wished;
    expect(isInstalling(running, [recordOf(ofDisk)])).toBe(false);
  });
});
