import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import type { Failure, Host, Identity } from '../../../src/core/cmdlets/call.js';
import { HostConnection, OpenFailed } from '../../../src/shell/connection.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { manualClock } from '../../../simulator/clock.js';

/** An answer that comes when the test says so. */
function deferred() {
  let resolve: (answer: 'open' | Failure) => void = () => undefined;
  const promise = new Promise<'open' | Failure>((done) => (resolve = done));
  return { promise, resolve };
}

const gone: Failure = { kind: 'session-lost' };
const tick = [{ cmdlet: 'Get-VMHost', params: {}, at: thisPc }] as const;

/** Sessions that open or not as told, and end when they are ended. */
function sessions(
  outcome: (elevated: boolean, nth: number) => 'open' | Failure | Promise<'open' | Failure> = () => 'open',
  {
    isChanging = () => true,
    identity = null,
    isHost = false,
  }: { isChanging?: () => boolean; identity?: Identity | null; isHost?: boolean } = {},
) {
  const clock = manualClock();
  const states: Connection[] = [];
  const opened: { pid: number; elevated: boolean; isClosed: boolean; end: () => void }[] = [];
  let tries = 0;
  const connection = new HostConnection({
    isHost,
    isChanging,
    changed: (state) => states.push(state),
    readAt: () => '2026-11-24T14:02:00.000Z',
    timer: {
      now: () => new Date(clock.now()),
      elapsed: () => clock.now(),
      after: (milliseconds, act) => clock.after(milliseconds, act),
    },
    open: async ({ elevated, lost }) => {
      const pid = ++tries;
      const answer = await outcome(elevated, pid);
      if (answer !== 'open') throw new OpenFailed(answer);
      const session = { pid, elevated, isClosed: false, end: () => lost(gone) };
      opened.push(session);
      const host: Host = {
        handshake: {
          shellVersion: '5.1',
          edition: 'Desktop',
          languageMode: 'FullLanguage',
          pid,
          modules: [],
          identity,
        },
        call: (calls) =>
          Promise.resolve(calls.map(() => ({ rows: [], errors: [] }))) as unknown as ReturnType<
            typeof host.call<typeof calls>
          >,
        close: async () => {
          session.isClosed = true;
        },
      };
      return host;
    },
  });
  return { connection, clock, states, opened, kinds: () => states.map(({ kind }) => kind), tries: () => tries };
}

test('it opens, and says who it is', async () => {
  const { connection, kinds } = sessions();
  await connection.open();
  expect(kinds()).toEqual(['starting', 'ready']);
  expect(connection.handshake.pid).toBe(1);
});

test('one that dies is opened again at once, and what was under way is said', async () => {
  const { connection, clock, states, opened } = sessions();
  await connection.open();
  opened[0]?.end();
  expect(states.at(-1)).toMatchObject({ kind: 'lost', changing: true });
  await clock.advance(0.1);
  expect(states.at(-1)).toMatchObject({ kind: 'ready', handshake: { pid: 2 } });
});

test('a host that is away is tried on, once a minute in the end, and it is said since when', async () => {
  const away: Failure = { kind: 'host-not-answering' };
  let isThere = false;
  const { connection, clock, states, tries } = sessions(() => (isThere ? 'open' : away), { isHost: true });
  const began = new Date(clock.now()).toISOString();
  await connection.open();
  await clock.advance(600);
  const before = tries();
  await clock.advance(3600);
  expect(tries() - before).toBeGreaterThan(45);
  expect(tries() - before).toBeLessThan(80);
  expect(states.at(-1)).toMatchObject({ kind: 'lost', since: began });
  isThere = true;
  await clock.advance(80);
  expect(states.at(-1)).toMatchObject({ kind: 'ready' });
});

test.each([
  'host-key-changed',
  'host-key-lost',
  'jump-key-unknown',
  'jump-key-changed',
  'identity-unreadable',
  'other-machine',
  'host-sign-in-refused',
  'ssh-missing',
] as const)('a host that fails by %s is asked again by a click alone', async (kind) => {
  const { connection, clock, states, tries } = sessions(() => ({ kind }), { isHost: true });
  await connection.open();
  await clock.advance(3600);
  expect(tries()).toBe(1);
  expect(states.at(-1)).toMatchObject({ kind: 'lost', retryAt: null });
  await connection.open();
  expect(tries()).toBe(2);
});

test('a host that is away stays away while somebody tries it: what was read of it stays in sight', async () => {
  const again = sessions(() => ({ kind: 'host-not-answering' }), { isHost: true });
  await again.connection.open();
  const since = again.states.at(-1);
  await again.connection.open();
  expect(again.kinds()).toEqual(['starting', 'lost', 'lost', 'lost']);
  expect(again.states[2]).toMatchObject({ ...since, retryAt: new Date(again.clock.now()).toISOString() });
});

describe('who asks again while it is being tried', () => {
  const away: Failure = { kind: 'host-not-answering' };

  test('gets the newest, which no older try ends or replaces later', async () => {
    const [first, second] = [deferred(), deferred()];
    const { connection, clock, kinds, opened, tries } = sessions(
      (_, nth) => (nth === 1 ? first.promise : nth === 2 ? second.promise : 'open'),
      { isHost: true },
    );
    const both = [connection.open(), connection.open()];
    first.resolve(away);
    await both[0];
    second.resolve('open');
    await both[1];
    await clock.advance(200);
    expect([tries(), kinds().at(-1)]).toEqual([2, 'ready']);
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([false]);
  });

  test('also where the older one opens after it', async () => {
    const first = deferred();
    const { connection, opened } = sessions((_, nth) => (nth === 1 ? first.promise : 'open'));
    const begun = connection.open();
    await connection.open();
    first.resolve('open');
    await begun;
    expect(opened.map(({ pid, isClosed }) => [pid, isClosed])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(connection.handshake.pid).toBe(2);
  });

  test('begins no second row of tries', async () => {
    const answers = [deferred(), deferred()];
    const { connection, clock, tries } = sessions((_, nth) => answers[nth - 1]?.promise ?? away, { isHost: true });
    const both = [connection.open(), connection.open()];
    for (const { resolve } of answers) resolve(away);
    await Promise.all(both);
    const before = tries();
    await clock.advance(3600);
    expect(tries() - before).toBeLessThan(3600 / 40);
  });
});

test('one that keeps dying is left alone until somebody clicks', async () => {
  const { connection, clock, states, tries } = sessions(() => gone);
  await connection.open();
  await clock.advance(300);
  expect(tries()).toBe(5);
  expect(states.at(-1)).toMatchObject({ kind: 'lost', retryAt: null });
  await connection.open();
  expect(tries()).toBe(6);
});

test('a session that held for a while is given all tries again', async () => {
  const { connection, clock, opened, states } = sessions();
  await connection.open();
  for (let times = 0; times < 12; times++) {
    await clock.advance(120);
    opened.at(-1)?.end();
    await clock.advance(1);
  }
  expect(states.at(-1)?.kind).toBe('ready');
});

test('while there is none a call is answered, never left waiting', async () => {
  const { connection } = sessions(() => gone);
  await connection.open();
  expect(await connection.call(tick)).toEqual([{ failed: { kind: 'session-lost', cmdlet: 'Get-VMHost' } }]);
});

test('an elevated session takes the place of the other', async () => {
  const { connection, opened, states } = sessions();
  await connection.open();
  await connection.elevate();
  expect(states.at(-1)).toMatchObject({ kind: 'ready', elevated: true });
  expect(opened[0]?.isClosed).toBe(true);
});

test('a refused prompt leaves the session that was there', async () => {
  const { connection, opened, states } = sessions((elevated) => (elevated ? { kind: 'cancelled' } : 'open'));
  await connection.open();
  await expect(connection.elevate()).rejects.toThrow(OpenFailed);
  expect(states.at(-1)).toMatchObject({ kind: 'ready', elevated: false });
  expect(opened[0]?.isClosed).toBe(false);
});

test('an elevated session that ended is never asked for again without a click', async () => {
  const { connection, clock, opened, states } = sessions();
  await connection.open();
  await connection.elevate();
  opened.at(-1)?.end();
  await clock.advance(1);
  expect(states.at(-1)).toMatchObject({ kind: 'ready', elevated: false });
  expect(opened.filter(({ elevated }) => elevated)).toHaveLength(1);
});

describe('an elevated session that nobody uses', () => {
  const idle = { isChanging: () => false };

  test('is closed, and one without rights takes its place and says since when', async () => {
    const { connection, opened, states } = sessions(undefined, idle);
    await connection.open();
    await connection.elevate();
    await connection.endElevated();
    expect(states.at(-1)).toMatchObject({
      elevated: false,
      ended: { why: 'unused', asOf: '2026-11-24T14:02:00.000Z' },
    });
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    await connection.reopen();
    expect(states.at(-1), 'also when that is opened anew').toMatchObject({ ended: { why: 'unused' } });
    await connection.elevate();
    expect(states.at(-1)).not.toHaveProperty('ended');
  });

  test('is closed also where no other can be had', async () => {
    const { connection, opened, states } = sessions((_elevated, nth) => (nth < 3 ? 'open' : gone), idle);
    await connection.open();
    await connection.elevate();
    await connection.endElevated();
    expect(states.at(-1)?.kind).toBe('lost');
    expect(opened[1]?.isClosed).toBe(true);
  });

  test('is kept when a run has begun while another was opened', async () => {
    const { connection, opened, states } = sessions(undefined, { isChanging: () => true });
    await connection.open();
    await connection.elevate();
    await connection.endElevated();
    expect(states.at(-1)).toMatchObject({ elevated: true });
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false, true]);
  });

  test('leaves nothing old behind where the one in its place may see the VMs itself', async () => {
    const identity: Identity = {
      account: 'DEV-PC\\mei',
      sid: 'S-1-5-21-1-2-3-1001',
      inToken: true,
      isMember: true,
      isElevated: false,
      isAdministrator: true,
    };
    const { connection, states } = sessions(undefined, { ...idle, identity });
    await connection.open();
    await connection.elevate();
    await connection.endElevated();
    expect(states.at(-1)).toMatchObject({ elevated: false });
    expect(states.at(-1)).not.toHaveProperty('ended');
  });
});

test('what an old session says after it was replaced is not heard', async () => {
  const { connection, opened, kinds } = sessions();
  await connection.open();
  await connection.elevate();
  opened[0]?.end();
  expect(kinds().at(-1)).toBe('ready');
});

test('a session that could not be renewed goes on serving', async () => {
  const { connection, states } = sessions((_elevated, nth) => (nth === 1 ? 'open' : gone));
  await connection.open();
  await connection.reopen();
  expect(states.at(-1)?.kind).toBe('ready');
});

test('closed is closed: nothing is opened again', async () => {
  const { connection, clock, opened, tries } = sessions();
  await connection.open();
  await connection.close();
  opened[0]?.end();
  await clock.advance(100);
  expect(tries()).toBe(1);
  expect(await connection.call(tick)).toEqual([{ failed: { kind: 'cancelled', cmdlet: 'Get-VMHost' } }]);
});
