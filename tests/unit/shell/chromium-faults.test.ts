import { describe, expect, test } from 'vitest';
import { ChromiumFaults, type PageAnswer } from '../../../src/shell/chromium-faults.js';
import { plainArguments, switches } from '../../../src/shell/switches.js';

function app({ isPlain = false, answers = [] as PageAnswer[], busyTimes = 0 } = {}) {
  const done: string[] = [];
  const clock = { now: 0 };
  let busy = busyTimes;
  const faults = new ChromiumFaults({
    isPlain,
    runs: () => ({
      get isBusy() {
        return busy > 0;
      },
      idle: () => {
        busy--;
        done.push('a run ended');
        return Promise.resolve();
      },
    }),
    reload: () => done.push('again'),
    close: () => done.push('closed'),
    notice: (kind) => done.push(`said ${kind}`),
    ask: () => {
      done.push('asked');
      return Promise.resolve(answers.shift() ?? 'close');
    },
    restart: () => done.push('restarted'),
    now: () => clock.now,
  });
  return { done, faults, clock };
}

describe('the page ends by itself', () => {
  test('once: it comes back, and says so', async () => {
    const { done, faults } = app();
    await faults.pageEnded();
    expect(done).toEqual(['said page-again', 'again']);
  });

  test.each([
    ['again', 'again'],
    ['close', 'closed'],
    ['without-gpu', 'restarted'],
  ] as const)('again soon: a person decides (%s)', async (answer, what) => {
    const { done, faults, clock } = app({ answers: [answer] });
    await faults.pageEnded();
    clock.now = 60_000;
    await faults.pageEnded();
    expect(done.slice(2)).toEqual(['asked', what]);
  });

  test('again an hour later: that is another time', async () => {
    const { done, faults, clock } = app();
    await faults.pageEnded();
    clock.now = 3_600_000;
    await faults.pageEnded();
    expect(done).toEqual(['said page-again', 'again', 'said page-again', 'again']);
  });
});

describe('the graphics process ends by itself', () => {
  test.each(['crashed', 'killed', 'oom', 'launch-failed', 'integrity-failure'])(
    '%s: once more without',
    async (reason) => {
      const { done, faults } = app();
      await faults.gpuEnded(reason);
      await faults.gpuEnded(reason);
      expect(done).toEqual(['restarted']);
    },
  );

  test.each(['clean-exit', 'abnormal-exit'])('%s: Chromium goes on without by itself', async (reason) => {
    const { done, faults } = app();
    await faults.gpuEnded(reason);
    expect(done).toEqual([]);
  });

  test('in the middle of runs: when the last has ended, also one that was begun meanwhile', async () => {
    const { done, faults } = app({ busyTimes: 2 });
    await faults.gpuEnded('crashed');
    expect(done).toEqual(['a run ended', 'a run ended', 'restarted']);
  });

  test('without acceleration already: there is no other way, so nothing is tried', async () => {
    const { done, faults } = app({ isPlain: true });
    await faults.gpuEnded('crashed');
    expect(done).toEqual([]);
  });
});

test('the app starts once more as it was, without acceleration, in the tray where it had no window', () => {
  const argv = ['app', '--hidden', '.', '--scenario=workstation'];
  expect(plainArguments(argv, true)).toEqual(['.', '--scenario=workstation', '--without-gpu']);
  const asked = ['app', 'hypernest://undo/r', '--undo', '--answer=9f0d6f6c-9a7c-4a53-9d9a-0e6a1d3c7b11'];
  expect(plainArguments(asked, true), 'what it was asked then is over').toEqual(['--without-gpu']);
  const again = plainArguments(argv, false);
  expect(switches(['app', ...again], true)).toMatchObject({ hidden: true, isPlain: true });
  expect(plainArguments(['app', ...again], false)).toEqual(again);
});
