import { describe, expect, it } from 'vitest';
import { coalesced } from '../../../src/shell/coalesce.js';

function setUp() {
  const waiting: { at: number; act: () => void }[] = [];
  let now = 0;
  const clock = {
    after: (milliseconds: number, act: () => void) => {
      waiting.push({ at: now + milliseconds, act });
      return () => undefined;
    },
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    for (const one of waiting.splice(0)) {
      if (one.at <= now) one.act();
      else waiting.push(one);
    }
  };
  const done: number[] = [];
  return { ask: coalesced(() => done.push(now), 100, clock), pass, done };
}

describe('what many events ask for', () => {
  it('is done at once when nothing was done just now: nobody waits for a single change', () => {
    const { ask, pass, done } = setUp();
    ask();
    expect(done).toEqual([0]);
    pass(500);
    ask();
    expect(done).toEqual([0, 500]);
  });

  it('is done once for a thousand of them, and again after the last, so that nothing stays unseen', () => {
    const { ask, pass, done } = setUp();
    for (let i = 0; i < 1000; i++) ask();
    expect(done).toEqual([0]);
    pass(100);
    expect(done).toEqual([0, 100]);
    pass(100);
    expect(done).toEqual([0, 100]);
  });

  it('is done again later when doing it asks for it: it never goes round', () => {
    const waiting: (() => void)[] = [];
    let count = 0;
    const ask = coalesced(
      () => {
        count++;
        if (count < 3) ask();
      },
      100,
      {
        after: (_, act) => {
          waiting.push(act);
          return () => undefined;
        },
      },
    );
    ask();
    expect(count).toBe(1);
    while (waiting.length > 0) waiting.shift()?.();
    expect(count).toBe(3);
  });
});
