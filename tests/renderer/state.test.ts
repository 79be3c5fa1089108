/** What main tells reaches the page: all of it, and no faster than a page can be made anew. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import { headOf } from '../unit/shell/a-record.js';
import { fakeMain, stateOf, type FakeMain } from './bridge.js';

const run = 'run';
const stepOf = (seq: number) => ({
  kind: 'run' as const,
  event: {
    kind: 'stopped' as const,
    vm: vmIn(thisPc, `vm-${seq}`),
    why: { key: 'plan.nestingOn' as const },
    run,
    seq,
    time: '',
    elapsed: seq,
  },
});

describe('what main tells', () => {
  let main: FakeMain;
  let stop: () => void;
  const seen = (): readonly number[] => app.state?.runs[0]?.events.map(({ seq }) => seq) ?? [];

  beforeEach(async () => {
    vi.useFakeTimers();
    const record = { ...headOf(run), events: [] };
    main = fakeMain({ state: () => stateOf([], { runs: [record], running: [run] }) });
    stop = app.start();
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('is seen at once when it is one thing', () => {
    main.tell(stepOf(0));
    expect(seen()).toEqual([0]);
  });

  it('is seen together when it is a thousand things, and none is lost', () => {
    let states = 0;
    let last = app.state;
    for (let seq = 0; seq < 1000; seq++) {
      main.tell(stepOf(seq));
      if (app.state !== last) states++;
      last = app.state;
    }
    expect(states).toBe(1);
    vi.advanceTimersByTime(100);
    expect(seen()).toEqual(Array.from({ length: 1000 }, (_, seq) => seq));
  });

  it('keeps its order: what ends a run is not seen before its last step', () => {
    main.tell(stepOf(0));
    main.tell(stepOf(1));
    main.tell({ kind: 'state', state: { running: [] } });
    expect(seen()).toEqual([0, 1]);
    expect(app.running.size).toBe(0);
  });

  it('does not make all words of the page anew: hundreds of machines would stand still for it', () => {
    const before = app.words;
    main.tell(stepOf(0));
    expect(app.words).toBe(before);
    main.tell({ kind: 'state', state: { language: 'zh-CN' } });
    expect(app.words.language).toBe('zh-CN');
  });
});
