import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import type { Vm } from '../../../src/core/machine/machine.js';
import { lastChange, usesOf, type Uses } from '../../../src/core/run/recent.js';
import { guid, machineOf, now, vmOf } from '../core/worlds.js';
import { chainOf, changeOf, eventsOf, planOf, runOf, stepEvent, stepOf } from '../renderer/fixtures.js';
import { headOf } from '../shell/a-record.js';

const at = (time: string): number => Date.parse(time);
const later = '2026-11-24T08:10:00.000Z';
const usedAt = (vm: Vm, before: Uses = new Map(), runs: Parameters<typeof usesOf>[1] = []): number | undefined =>
  usesOf(machineOf({}, [vm]), runs, before).get(vm.id)?.at;
const usesAfter = (vm: Vm, before: Uses = new Map()): Uses => usesOf(machineOf({}, [vm]), [], before);

describe('a VM was last used', () => {
  test('when it was made, as long as nothing else is known', () => {
    expect(usedAt(vmOf(1))).toBe(at('2026-01-05T08:00:00.000Z'));
    expect(usedAt(vmOf(1, { created: undefined }))).toBe(0);
  });

  test('when it was started', () => {
    expect(usedAt(vmOf(1, { state: 'Running', uptime: 3600 }))).toBe(at(now) - 3_600_000);
  });

  test('when the app changed it', () => {
    const record = {
      ...headOf('run'),
      plan: {
        ...headOf('run').plan,
        readAt: now,
        chains: headOf('run').plan.chains.map((c) => ({ ...c, vm: vmIn(thisPc, guid(1)) })),
      },
      events: [],
    };
    expect(usedAt(vmOf(1), new Map(), [record])).toBe(at(now));
  });

  test('when it was seen to change its state: a VM that was just shut down is not an old one', () => {
    const before = usesAfter(vmOf(1, { state: 'Running', uptime: 9_000_000 }));
    expect(usedAt(vmOf(1, { state: 'Off', readAt: later }), before)).toBe(at(later));
  });

  test('not in the future, whatever clock it was made by', () => {
    expect(usedAt(vmOf(1, { created: '2031-01-01T00:00:00.000Z' }))).toBe(at(now));
  });
});

test('time that passes changes nothing, though each reading reckons the start a little differently', () => {
  const first = usesAfter(vmOf(1, { state: 'Running', uptime: 3600 }));
  const jitter = [600.4, 599, 1200.9, 1201].map((passed, index) =>
    vmOf(1, {
      state: 'Running',
      uptime: 3600 + Math.floor(passed) - index,
      readAt: new Date(at(now) + passed * 1000).toISOString(),
    }),
  );
  for (const vm of jitter) expect(usesAfter(vm, first)).toEqual(first);
});

test('a VM that is paused or saved does not become more recent by standing still', () => {
  for (const state of ['Paused', 'Saved'] as const) {
    const first = usesAfter(vmOf(1, { state, uptime: 3600 }));
    expect(usesAfter(vmOf(1, { state, uptime: 3600, readAt: later }), first)).toEqual(first);
  }
});

test('a restart that was not seen is a use', () => {
  const first = usesAfter(vmOf(1, { state: 'Running', uptime: 3600 }));
  expect(usedAt(vmOf(1, { state: 'Running', uptime: 30, readAt: later }), first)).toBe(at(later) - 30_000);
});

test('while the machines cannot be seen nothing is forgotten', () => {
  const first = usesAfter(vmOf(1));
  expect(usesOf(null, [], first)).toBe(first);
});

describe('the last change that can be undone', () => {
  /** Runs one after another, each with what it did to the same VM. */
  const run = (
    order: number,
    change: Partial<Parameters<typeof runOf>[2]> = {},
    kind: 'setting' | 'power' = 'setting',
  ) => {
    const chain = chainOf([stepOf(guid(1), 1, kind, [changeOf(guid(1), 'nesting', false, true)])]);
    const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'));
    return runOf(planOf([chain]), events, { id: `run-${order}`, order, outcome: 'done', ...change });
  };
  const none = new Set<string>();

  test('is the newest', () => {
    expect(lastChange([run(1), run(3), run(2)], none)).toBe('run-3');
    expect(lastChange([], none)).toBeUndefined();
  });

  test('is none that was undone, that an undo was, that goes on or was cut short, that is broken, or that only started a VM', () => {
    const others = [
      run(2, { undoneBy: 'run-9' }),
      run(3, { settled: 'undone' }),
      run(4, { goal: { kind: 'undo', run: 'run-2', consents: [] } }),
      run(5, { trouble: 'broken' }),
      run(6, {}, 'power'),
      { ...run(7), outcome: undefined },
    ].map(({ outcome, ...record }) => (outcome === undefined ? record : { ...record, outcome }));
    expect(lastChange([run(1), ...others], none)).toBe('run-1');
    expect(lastChange([run(1), run(2)], new Set(['run-2']))).toBe('run-1');
  });

  test('is one that left something half done', () => {
    expect(lastChange([run(1), run(2, { outcome: 'partly' })], none)).toBe('run-2');
  });
});
