import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import { Quitting, type QuitAnswer } from '../../../src/shell/quitting.js';

/** An app whose run ends when it is told to, and a person who gives these answers. */
function app({ busy = true, answers = [] as QuitAnswer[] } = {}) {
  const done: string[] = [];
  let isBusy = busy;
  let end = (): void => undefined;
  const idle = new Promise<void>((resolve) => (end = resolve));
  const runs = {
    get isBusy() {
      return isBusy;
    },
    get busyVms() {
      return new Set(isBusy ? [vmIn(thisPc, 'a'), vmIn(thisPc, 'b')] : []);
    },
    idle: () => (isBusy ? idle : Promise.resolve()),
    interrupt: () => void done.push('interrupted'),
  };
  const quitting: Quitting = new Quitting({
    runs: () => runs,
    ask: (count) => {
      done.push(`asked about ${count}`);
      return Promise.resolve(answers.shift() ?? 'stay');
    },
    close: () => Promise.resolve(void done.push('closed')),
    quit: () => {
      if (quitting.request()) done.push('quit');
    },
    exit: () => done.push('exit'),
    waits: (isWaiting) => done.push(isWaiting ? 'waits' : 'waits no more'),
    stays: () => done.push('stays'),
  });
  return {
    done,
    quitting,
    signInEnds: async (): Promise<void> => {
      void quitting.leaveSafely();
      await new Promise((resolve) => setImmediate(resolve));
    },
    request: async (): Promise<void> => {
      if (quitting.request()) done.push('quit');
      await new Promise((resolve) => setImmediate(resolve));
    },
    runEnds: async (): Promise<void> => {
      isBusy = false;
      end();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('nothing is being changed: the session is closed, then the app ends, without a question', async () => {
  const { done, request } = app({ busy: false });
  await request();
  expect(done).toEqual(['closed', 'quit']);
});

test('in the middle of a run the app stays, as long as nobody says otherwise', async () => {
  const { done, request, runEnds } = app({ answers: ['stay'] });
  await request();
  await runEnds();
  expect(done).toEqual(['asked about 2', 'stays']);
});

test('it quits by itself when the run has ended, in order, so that the run is written down as ended', async () => {
  const { done, request, runEnds } = app({ answers: ['when-done'] });
  await request();
  expect(done).toEqual(['asked about 2', 'stays', 'waits']);
  await runEnds();
  expect(done).toEqual(['asked about 2', 'stays', 'waits', 'closed', 'quit']);
});

test('whoever thinks again stays: the first answer no longer counts', async () => {
  const { done, request, runEnds } = app({ answers: ['when-done', 'stay'] });
  await request();
  await request();
  await runEnds();
  expect(done).toEqual(['asked about 2', 'stays', 'waits', 'asked about 2', 'waits no more', 'stays']);
});

test('now is at once: a session closed in order would be written down as the end of the run', async () => {
  const { done, request } = app({ answers: ['now'] });
  await request();
  expect(done).toEqual(['asked about 2', 'exit']);
});

test('asked again and again it asks once', async () => {
  const { done, request } = app({ answers: ['stay'] });
  await Promise.all([request(), request(), request()]);
  expect(done).toEqual(['asked about 2', 'stays']);
});

describe('the sign-in ends', () => {
  test('in the middle of a run: nobody is asked, the run comes to its safe end, then the app ends in order', async () => {
    const { done, signInEnds, runEnds, quitting } = app();
    await signInEnds();
    expect(done).toEqual(['interrupted']);
    expect(quitting.hasLeft).toBe(false);
    // Windows says it again when it really ends.
    await signInEnds();
    await runEnds();
    expect(done).toEqual(['interrupted', 'closed', 'quit']);
    expect(quitting.hasLeft).toBe(true);
  });

  test('with nothing under way: the app ends in order', async () => {
    const { done, signInEnds } = app({ busy: false });
    await signInEnds();
    expect(done).toEqual(['interrupted', 'closed', 'quit']);
  });

  test.each(['stay', 'when-done'] as const)(
    'while it is asked about the run: the answer %s comes too late',
    async (answer) => {
      const { done, request, signInEnds, runEnds } = app({ answers: [answer] });
      const asked = request();
      await signInEnds();
      await asked;
      await runEnds();
      expect(done).toEqual(['asked about 2', 'interrupted', 'closed', 'quit']);
    },
  );
});
