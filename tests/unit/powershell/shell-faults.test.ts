/** A shell that is broken: each way is told as what it is, with its last words; what we ended is told as ours. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lostWhy } from '../../../src/core/cmdlets/failure.js';
import type { Failure } from '../../../src/core/cmdlets/call.js';
import { NotReady, openSession, type Session, type SessionClock } from '../../../src/powershell/session.js';
import { childTransport } from '../../../src/powershell/transport.js';
import { guestLine, inL1 } from './a-frame.js';

const ready = JSON.stringify({
  id: 0,
  ok: true,
  ready: { psVersion: '5.1', edition: 'Desktop', languageMode: 'FullLanguage', pid: 1, modules: [], identity: null },
});
/** The programs below do not leave by themselves. */
async function ended(session: Session): Promise<void> {
  const closing = session.close();
  process.kill(session.pid ?? 0, 'SIGKILL');
  await closing;
}
const list = { cmdlet: 'Get-VMHost', params: {}, at: thisPc } as const;

/** Deadlines that pass when the test says so. */
function handClock(): SessionClock & { readonly pass: () => void } {
  const timers = new Set<() => void>();
  return {
    after(_, act) {
      timers.add(act);
      return () => timers.delete(act);
    },
    pass: () => {
      for (const act of [...timers]) act();
    },
  };
}

describe.skipIf(process.platform === 'win32')('a shell', () => {
  let folder = '';
  beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-shell-'))));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));
  let count = 0;

  /** A program in the shell's place: real processes, real pipes. */
  function shellThat(...lines: readonly string[]): string {
    const file = path.join(folder, `shell-${String(count++)}`);
    fs.writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o700 });
    return file;
  }
  const transportOf = (executable: string) =>
    childTransport({ executable, env: { PATH: process.env['PATH'] ?? '' }, bootstrap: '\n' });
  /** Why it did not come up. `until`: its deadline passes when that has been seen on its error stream. */
  async function notReady(executable: string, until?: string): Promise<Failure> {
    const transport = transportOf(executable);
    const clock = handClock();
    const opening = openSession({ transport, clock }).catch((error: unknown) => error);
    if (until === '') clock.pass();
    else if (until !== undefined) transport.onSaid((last) => last.includes(until) && clock.pass());
    const error = await opening;
    if (!(error instanceof NotReady)) throw new Error('it came up');
    return error.failure;
  }
  const waits = 'exec sleep 1000';

  it.each<[string, readonly string[], string | undefined, object, string]>([
    ['says nothing', [waits], '', { how: 'said-nothing' }, 'machines.lostSaidNothing'],
    [
      'writes only errors',
      ['echo first >&2; echo last >&2', waits],
      'last',
      { how: 'only-errors', said: 'first\nlast' },
      'machines.lostOnlyErrors',
    ],
    ['ends with 0', ['exit 0'], undefined, { how: 'ended', code: '0' }, 'machines.lostEnded'],
    [
      'ends with a number',
      ['echo why >&2; exit 3'],
      undefined,
      { how: 'failed', code: '3', said: 'why' },
      'machines.lostFailed',
    ],
    ['is ended by somebody else', ['kill -9 $$'], undefined, { how: 'killed', code: 'SIGKILL' }, 'machines.lostKilled'],
  ])('that %s is told so', async (_, lines, until, shell, key) => {
    const failure = await notReady(shellThat(...lines), until);
    expect(failure).toEqual({ kind: 'session-lost', shell });
    expect(lostWhy(failure).key).toBe(key);
  });

  it('that is not there is told so', async () => {
    const failure = await notReady(path.join(folder, 'nobody'));
    expect(failure).toEqual({ kind: 'session-lost', shell: { how: 'not-started', code: 'ENOENT' } });
    expect(lostWhy(failure).key).toBe('machines.lostNotStarted');
  });

  it('that says what is not ours is told so', async () => {
    const transport = transportOf(shellThat('echo hello', waits));
    const clock = handClock();
    const opening = openSession({ transport, clock }).catch((error: unknown) => error);
    transport.onLine(() => clock.pass());
    expect(await opening).toMatchObject({ failure: { kind: 'session-lost', shell: { how: 'not-understood' } } });
  });

  it.each([
    ['and stays', waits],
    ['and ends', 'exit 1'],
  ])('that antivirus does not let run %s is told by the id of its error, at once', async (_, end) => {
    // Broken over two lines, as a console does.
    const failure = await notReady(
      shellThat('echo "+ FullyQualifiedErrorId : ScriptContained" >&2; echo "   MaliciousContent" >&2', end),
    );
    expect(failure.kind).toBe('antivirus');
    expect(failure.shell?.said).toContain('ScriptContained');
    expect(lostWhy(failure).key).toBe('machines.lostAntivirus');
  });

  it('that floods its error stream is not held up, and only its last words are kept', async () => {
    const failure = await notReady(
      shellThat('head -c 20000000 /dev/zero | tr "\\0" x >&2; echo "the end" >&2; exit 5'),
    );
    expect(failure).toMatchObject({ kind: 'session-lost', shell: { how: 'failed', code: '5' } });
    expect(failure.shell?.said).toMatch(/xthe end$/);
    expect(failure.shell?.said?.length).toBeLessThanOrEqual(1000);
  });

  /** Comes up, reads the start line and one request, and answers with these lines. */
  const answers = (...lines: readonly string[]) =>
    shellThat(`echo '${ready}'`, 'read start; read request', ...lines.map((line) => `printf '%s\\n' '${line}'`), waits);

  it.each([
    ['torn', ['{"id":1,"ok":true,"resu', 'lts":[]}']],
    ['joined with another', ['{"id":1,"ok":tr{"id":4711,"ok":true}']],
    ['of another shape', ['{"id":1,"ok":true,"results":7}']],
  ])('whose answer is %s is answered for at once, and goes on', async (_, lines) => {
    const session = await openSession({ transport: transportOf(answers(...lines)), clock: handClock() });
    expect(await session.call([list])).toMatchObject([{ failed: { kind: 'unexpected' } }]);
    await ended(session);
  });

  it.each([
    ['does not answer', [], 'hung'],
    ['answers with what is no frame', ['oops'], 'not-understood'],
  ])('that %s within the deadline is ended, and told as ended by us', async (_, lines, how) => {
    const clock = handClock();
    const transport = transportOf(answers(...lines));
    let lost: (failure: Failure) => void = () => undefined;
    const told = new Promise<Failure>((resolve) => (lost = resolve));
    const session = await openSession({ transport, clock, lost });
    const heard = new Promise<void>((resolve) => transport.onLine(() => resolve()));
    const asked = session.call([list]);
    if (lines.length > 0) await heard;
    clock.pass();
    expect(await asked).toMatchObject([{ failed: { kind: 'timed-out' } }]);
    expect(await told).toEqual({ kind: 'session-lost', shell: { how } });
  });

  it('is never ended for what a guest does not answer', async () => {
    const clock = handClock();
    const transport = transportOf(
      shellThat(
        `echo '${ready}'`,
        'read start; read secret; read request; read next',
        `echo '{"id":2,"ok":true,"results":[{"rows":[],"errors":[]}]}'`,
        waits,
      ),
    );
    const lost: Failure[] = [];
    const credentials = () => [{ userName: 'x', password: 'y' }];
    const session = await openSession({ transport, clock, credentials, lost: (failure) => lost.push(failure) });
    const guest = session.call([{ ...list, at: inL1 }]);
    clock.pass();
    expect(await guest).toMatchObject([{ failed: { kind: 'timed-out' } }]);
    expect(await session.call([list])).toEqual([{ rows: [], errors: [] }]);
    expect(lost).toEqual([]);
    await ended(session);
  });

  it('that passes on far too much of a guest has its guest told as one that does not answer as it should', async () => {
    const file = path.join(folder, 'flood');
    fs.writeFileSync(file, `${guestLine(1, 'x'.repeat(5_000_000))}\n`);
    const transport = transportOf(
      shellThat(`echo '${ready}'`, 'read start; read secret; read request', `cat '${file}'`, waits),
    );
    const credentials = () => [{ userName: 'x', password: 'y' }];
    const session = await openSession({ transport, clock: handClock(), credentials });
    expect(await session.call([{ ...list, at: inL1 }])).toMatchObject([{ failed: { kind: 'guest-answers-wrongly' } }]);
    await ended(session);
  });
});
