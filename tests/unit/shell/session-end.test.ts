/** Connection, session and deadlines together, over a shell that is only a transport: what a user sees of one that keeps dying. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pausableClock } from '../../../src/powershell/clock.js';
import { openSession } from '../../../src/powershell/session.js';
import type { Transport, TransportEnd } from '../../../src/powershell/transport.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { HostConnection } from '../../../src/shell/connection.js';
import { manualClock } from '../../../simulator/clock.js';

const list = { cmdlet: 'Get-VMHost', params: {}, at: thisPc } as const;
const ready = {
  id: 0,
  ok: true,
  ready: { psVersion: '5.1', edition: 'Desktop', languageMode: 'FullLanguage', pid: 1, modules: [], identity: null },
};

/** Says that it is ready, and answers nothing. */
function silentShell(): Transport & { readonly die: () => void } {
  let die: (how: TransportEnd) => void = () => undefined;
  const ended = new Promise<TransportEnd>((resolve) => (die = resolve));
  return {
    pid: 1,
    onLine: (listener) => queueMicrotask(() => listener(JSON.stringify(ready))),
    onSaid: () => undefined,
    write: () => undefined,
    ended,
    end: () => die({ by: 'exit', code: '0' }),
    kill: () => die({ by: 'signal', code: 'SIGKILL' }),
    die: () => die({ by: 'exit', code: '70' }),
  };
}

test('a shell that dies again and again is opened with growing pauses, then left alone until somebody clicks', async () => {
  const clock = manualClock();
  const states: Connection[] = [];
  const shells: ReturnType<typeof silentShell>[] = [];
  const connection = new HostConnection({
    isChanging: () => false,
    changed: (state) => states.push(state),
    readAt: () => undefined,
    timer: {
      now: () => new Date(clock.now()),
      elapsed: () => clock.now(),
      after: (milliseconds, act) => clock.after(milliseconds, act),
    },
    open: ({ lost }) => {
      const transport = silentShell();
      shells.push(transport);
      return openSession({ transport, lost });
    },
  });
  const last = (): Connection | undefined => states.at(-1);
  await connection.open();
  const pauses: number[] = [];
  for (let nth = 1; ; nth++) {
    expect(last()?.kind).toBe('ready');
    // What is asked when it dies is answered, not left waiting.
    const asked = connection.call([list]);
    shells.at(-1)?.die();
    expect(await asked).toMatchObject([{ failed: { kind: 'session-lost' } }]);
    await vi.waitFor(() => expect(last()).toMatchObject({ kind: 'lost', attempts: nth }));
    const now = last();
    if (now?.kind !== 'lost' || now.retryAt === null) break;
    const pause = Date.parse(now.retryAt) - clock.now();
    pauses.push(pause);
    await clock.advance(pause / 1000 + 0.001);
    await vi.waitFor(() => expect(last()?.kind).toBe('ready'));
  }
  expect(pauses).toEqual([0, 1000, 4000, 15_000]);
  const opened = shells.length;
  await clock.advance(3600);
  expect(shells).toHaveLength(opened);
  expect(await connection.call([list])).toMatchObject([{ failed: { kind: 'session-lost' } }]);

  await connection.open();
  expect(last()?.kind).toBe('ready');
  expect(shells).toHaveLength(opened + 1);
  await connection.close();
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('a call that was under way when the PC slept has the rest of its time on waking, no less and no more', async () => {
  const clock = pausableClock();
  const session = await openSession({ transport: silentShell(), clock });
  let answer: unknown;
  void session.call([list]).then((results) => (answer = results));
  // A read has 20 seconds, and 5 more for the bridge to say so itself.
  await vi.advanceTimersByTimeAsync(15_000);
  clock.pause();
  await vi.advanceTimersByTimeAsync(8 * 3_600_000);
  expect(answer).toBeUndefined();
  clock.resume();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(answer).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(answer).toMatchObject([{ failed: { kind: 'timed-out' } }]);
});
