import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf, thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import type { Goal } from '../../../src/core/machine/goal.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import type { Notice } from '../../../src/ipc/notices.js';
import type { AppEvent, AppState } from '../../../src/ipc/schema.js';
import { nothingKnown } from '../../../src/shell/app-state.js';
import { handedOf, type HandedAnswer } from '../../../src/shell/handed.js';
import { Outside } from '../../../src/shell/outside.js';
import { otherPc } from '../core/other-pc.js';
import { guid, machineOf, vmOf } from '../core/worlds.js';
import { readWorld } from './a-machine.js';
import { headOf, eventOf } from './a-record.js';
import { stateOf } from './a-state.js';

const answer = '9f0d6f6c-9a7c-4a53-9d9a-0e6a1d3c7b11';
const recordOf = (id: string, goal: Goal, but: Partial<RunRecord> = {}): RunRecord => ({
  ...headOf(id),
  events: [eventOf(0), eventOf(1)],
  goal,
  ...but,
});

/** An app whose world is the workstation, with one change in its History. */
async function app({ isRead = true, isOpen = true, isBusy = false } = {}) {
  const read = await readWorld();
  const vm = (name: string) => read.vm(name).id;
  const nestingOf = (...names: readonly string[]): Goal => ({
    kind: 'vms',
    wants: names.map((name) => ({ vm: vmIn(thisPc, vm(name)), want: { nesting: true } })),
    consents: [],
  });
  const partOf = (part: number) =>
    recordOf(`part-${part}`, nestingOf('dev-box'), { outcome: 'done', span: { id: 'whole', part, parts: 2 } });
  const known = stateOf(read, {
    runs: [recordOf('old', nestingOf('dev-box'), { outcome: 'done' }), partOf(1)],
    hosts: [{ id: otherPc, label: 'Builds', address: 'admin@build-01' }],
    others: {
      [textOf(otherPc)]: {
        ...nothingKnown({ kind: 'host' }),
        machine: { ...machineOf({}, [vmOf(8)]), at: otherPc },
        runs: [recordOf('theirs', nestingOf('dev-box'), { outcome: 'done' }), partOf(2)],
      },
    },
  });
  let state: AppState = isRead ? known : { ...known, connection: { kind: 'starting' }, machine: null };
  const shown: (AppEvent | undefined)[] = [];
  const notices = new Set<string>();
  const said: HandedAnswer[] = [];
  const done: string[] = [];
  let runsEnd = (): void => undefined;
  let askerGoes = (): void => undefined;
  let timeIsUp = (): void => undefined;
  const idle = new Promise<void>((resolve) => (runsEnd = resolve));
  const gone = new Promise<void>((resolve) => (askerGoes = resolve));
  const nameOf = (notice: Notice): string => (notice.kind === 'link' ? `link ${notice.why}` : notice.kind);
  const outside = new Outside({
    state: () => state,
    isOpen: () => isOpen,
    runs: () => ({ isBusy, idle: () => idle }),
    show: (event) => shown.push(event),
    say: (notice) => notices.add(nameOf(notice)),
    unsay: (kind) => [...notices].filter((one) => one.startsWith(kind)).forEach((one) => notices.delete(one)),
    quit: () => done.push('quit'),
    after: (milliseconds, act) => {
      done.push(`at most ${milliseconds / 1000} s`);
      timeIsUp = act;
      return () => done.push('in time');
    },
    failed: (what) => done.push(what),
    open: () => ({ say: (one) => void said.push(one), close: () => void done.push('closed'), gone }),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    outside,
    shown,
    notices,
    said,
    done,
    vm,
    nestingOf,
    settle,
    link: (text: string) => outside.take({ kind: 'link', text }),
    isRead: () => {
      state = known;
      isOpen = true;
      outside.look();
    },
    runsEnd: () => runsEnd(),
    askerGoes: () => askerGoes(),
    timeIsUp: () => timeIsUp(),
  };
}

describe('a link', () => {
  test('leads to its place, and takes back what was said of one before', async () => {
    const { link, shown, notices, vm } = await app();
    link('hypernest://quit');
    expect([...notices]).toEqual(['link unreadable']);
    const id = vm('dev-box');
    for (const text of [
      `vm/${id}`,
      `vm/${id}/${guid(7)}`,
      'check',
      'history',
      'history/old',
      'undo/old',
      'error/0x80370102',
    ])
      link(`hypernest://${text}`);
    expect(notices.size).toBe(0);
    const open = { kind: 'open', page: 'machines', vm: vmIn(thisPc, id) };
    expect(shown.filter((event) => event !== undefined)).toEqual([
      open,
      open,
      { kind: 'open', page: 'host' },
      { kind: 'open', page: 'activity' },
      { kind: 'open', page: 'activity', run: 'old' },
      { kind: 'wizard', goal: { kind: 'undo', run: 'old', consents: [] } },
      { kind: 'open', page: 'errors', text: '0x80370102' },
    ]);
  });

  test('to what is not here says so', async () => {
    const { link, shown, notices } = await app();
    link(`hypernest://vm/${guid(9)}`);
    link('hypernest://undo/never');
    expect([...notices]).toEqual(['link no-vm', 'link no-change']);
    expect(shown.at(-1)).toEqual({ kind: 'open', page: 'activity' });
  });

  test('to a VM or a change of a host leads to that host', async () => {
    const { link, shown, notices, vm } = await app();
    const [there, mine] = [vmIn(otherPc, guid(8)), vm('dev-box')];
    link(`hypernest://vm/${textOf(there)}`);
    link('hypernest://history/theirs');
    link('hypernest://undo/theirs');
    expect(notices.size).toBe(0);
    link(`hypernest://vm/${textOf(vmIn(otherPc, mine))}`);
    expect([...notices]).toEqual(['link no-vm']);
    link(`hypernest://vm/host-ba9876543210/${guid(8)}`);
    expect(shown.filter((event) => event !== undefined)).toEqual([
      { kind: 'open', page: 'machines', vm: there },
      { kind: 'open', page: 'activity', run: 'theirs', host: otherPc },
      { kind: 'wizard', goal: { kind: 'undo', run: 'theirs', consents: [] }, host: otherPc },
      { kind: 'open', page: 'machines', host: otherPc },
      { kind: 'open', page: 'machines' },
    ]);
  });

  test('to a change of several PCs leads to its undo as a whole, and in History to one part of it', async () => {
    const { link, shown, notices } = await app();
    link('hypernest://undo/whole');
    link('hypernest://history/whole');
    link('hypernest://undo/part-2');
    expect(notices.size).toBe(0);
    expect(shown.filter((event) => event !== undefined)).toEqual([
      { kind: 'wizard', goal: { kind: 'undo', run: 'whole', consents: [] } },
      { kind: 'open', page: 'activity', run: 'part-1' },
      { kind: 'wizard', goal: { kind: 'undo', run: 'part-2', consents: [] }, host: otherPc },
    ]);
  });

  test('that comes before anything is read waits for it, and shows the window at once', async () => {
    const { link, shown, notices, isRead } = await app({ isRead: false });
    link(`hypernest://vm/${guid(9)}`);
    expect([shown, [...notices]]).toEqual([[undefined], []]);
    isRead();
    expect([shown.length, [...notices]]).toEqual([2, ['link no-vm']]);
  });

  test('that comes before the hosts are open waits for them: whose change it names is not known yet', async () => {
    const { link, shown, isRead } = await app({ isOpen: false });
    link('hypernest://history/theirs');
    expect(shown).toEqual([undefined]);
    isRead();
    expect(shown.at(-1)).toEqual({ kind: 'open', page: 'activity', run: 'theirs', host: otherPc });
  });
});

describe('what a stranger hands on', () => {
  test('is of a known shape, or shows the window and does nothing else', async () => {
    const { outside, shown, done, said } = await app({ isBusy: true });
    const strange = [
      undefined,
      null,
      'end',
      { kind: 'end' },
      { kind: 'end', answer: '\\\\evil\\pipe\\x' },
      { kind: 'end', answer: '../x' },
      { kind: 'review', answer, review: { kind: 'apply', vms: [], want: {} } },
      { kind: 'review', answer, review: { kind: 'apply', vms: ['a'], want: { nesting: true, version: '12.0' } } },
      { kind: 'link', text: 'x'.repeat(300) },
      { kind: 'link', text: 'x', page: 'settings' },
    ];
    for (const data of strange) outside.take(data);
    expect([shown, done, said]).toEqual([strange.map(() => undefined), [], []]);
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(handedOf(data)).toEqual({ kind: 'show' });
      }),
    );
  });
});

describe('a review that a console asked for', () => {
  const of = (...vms: readonly string[]) => ({
    kind: 'review',
    answer,
    review: { kind: 'apply', vms, want: { nesting: true } },
  });

  test('is opened, and decided by the run that is started from it', async () => {
    const { outside, shown, said, done, nestingOf } = await app();
    outside.take(of('dev-box'));
    const goal = nestingOf('dev-box');
    expect(shown).toEqual([{ kind: 'wizard', goal, review: answer }]);
    outside.heard(recordOf('other', nestingOf('Lab DC 01')));
    outside.heard(recordOf('mine', goal));
    outside.heard(recordOf('mine', goal));
    outside.left(answer);
    outside.heard(recordOf('other', nestingOf('Lab DC 01'), { outcome: 'done' }));
    outside.heard(recordOf('old', goal, { outcome: 'done' }));
    expect(said).toEqual([{ kind: 'opened' }, { kind: 'started', change: 'mine' }]);
    outside.heard(recordOf('mine', goal, { outcome: 'partly' }));
    expect(said.at(-1)).toEqual({ kind: 'decided', outcome: 'failed', change: 'mine' });
    expect(done).toEqual(['closed']);
  });

  test('of an undo is decided by that undo', async () => {
    const { outside, shown, said } = await app();
    outside.take({ kind: 'review', answer, review: { kind: 'undo' } });
    const goal: Goal = { kind: 'undo', run: 'old', consents: [] };
    expect(shown).toEqual([{ kind: 'wizard', goal, review: answer }]);
    outside.heard(recordOf('back', goal));
    outside.heard(recordOf('back', goal, { outcome: 'done' }));
    expect(said.at(-1)).toEqual({ kind: 'decided', outcome: 'done', change: 'back' });
  });

  test('that is left, by another page, another review or the end of the window, was closed without a decision', async () => {
    const closed = { kind: 'decided', outcome: 'closed', change: null };
    const { outside, said } = await app();
    outside.take(of('dev-box'));
    outside.left('another');
    expect(said).toHaveLength(1);
    outside.left(answer);
    expect(said.at(-1)).toEqual(closed);
    outside.take(of('dev-box'));
    outside.take({ ...of('k8s-node-2'), answer: guid(4) });
    expect(said.slice(2)).toEqual([{ kind: 'opened' }, closed, { kind: 'opened' }]);
    outside.left();
    expect(said.at(-1)).toEqual(closed);
  });

  test('that is left while its change is being started is closed only where none has begun', async () => {
    const { outside, said, nestingOf } = await app();
    const goal = nestingOf('dev-box');
    let begins = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begins = resolve));
    outside.take(of('dev-box'));
    const start = outside.whileStarting(async () => {
      await begun;
      outside.heard(recordOf('mine', goal));
      return 'started';
    });
    outside.left();
    outside.left(answer);
    expect(said).toEqual([{ kind: 'opened' }]);
    begins();
    expect(await start).toBe('started');
    outside.heard(recordOf('mine', goal, { outcome: 'done' }));
    const ended = { kind: 'decided', outcome: 'done', change: 'mine' };
    expect(said).toEqual([{ kind: 'opened' }, { kind: 'started', change: 'mine' }, ended]);

    outside.take(of('dev-box'));
    const refused = outside.whileStarting(() => Promise.reject(new Error('it does not fit any more')));
    outside.left(answer);
    expect(said.at(-1)).toEqual({ kind: 'opened' });
    await expect(refused).rejects.toThrow('fit');
    expect(said.at(-1)).toEqual({ kind: 'decided', outcome: 'closed', change: null });
  });

  test('that stays open after a start that came to nothing is still open', async () => {
    const { outside, said } = await app();
    outside.take(of('dev-box'));
    await outside.whileStarting(() => Promise.resolve());
    expect(said).toEqual([{ kind: 'opened' }]);
  });

  test('of the same VM as one whose change is being started is not decided by it', async () => {
    const { outside, said, nestingOf } = await app();
    const goal = nestingOf('dev-box');
    outside.take(of('dev-box'));
    await outside.whileStarting(() => {
      outside.take({ ...of('dev-box'), answer: guid(4) });
      outside.heard(recordOf('mine', goal));
      return Promise.resolve();
    });
    expect(said).toEqual([{ kind: 'opened' }, { kind: 'opened' }, { kind: 'started', change: 'mine' }]);
    outside.heard(recordOf('mine', goal, { outcome: 'done' }));
    expect(said.slice(3)).toEqual([{ kind: 'decided', outcome: 'done', change: 'mine' }]);
  });

  test('of nothing that is here is refused, and nothing is shown', async () => {
    const { outside, shown, said } = await app();
    outside.take(of('dev-box', 'nobody'));
    outside.take({ kind: 'review', answer, review: { kind: 'undo', run: 'never' } });
    expect(shown).toEqual([]);
    expect(said).toEqual([
      { kind: 'refused', why: 'unknown-vm', word: 'nobody', vms: [] },
      { kind: 'refused', why: 'no-change', word: 'never', vms: [] },
    ]);
  });

  test('that nobody waits for any more is nobody’s', async () => {
    const { outside, said, askerGoes, settle, nestingOf } = await app();
    outside.take(of('dev-box'));
    askerGoes();
    await settle();
    outside.heard(recordOf('mine', nestingOf('dev-box'), { outcome: 'done' }));
    expect(said).toEqual([{ kind: 'opened' }]);
  });
});

describe('an end for an installer', () => {
  test('is at once where nothing is being changed', async () => {
    const { outside, done, said, shown } = await app();
    outside.take({ kind: 'end', answer });
    expect([done, said, shown]).toEqual([['quit', 'at most 20 s'], [{ kind: 'ending' }], []]);
  });

  test('waits for a change, says so in the window, and comes when it has ended', async () => {
    const { outside, done, said, shown, notices, runsEnd, settle } = await app({ isBusy: true });
    outside.take({ kind: 'end', answer });
    expect([said, shown, [...notices]]).toEqual([[{ kind: 'waits', seconds: 300 }], [undefined], ['installer-waits']]);
    runsEnd();
    await settle();
    expect([done, notices.size]).toEqual([['at most 300 s', 'in time', 'quit', 'at most 20 s'], 0]);
    expect(said.at(-1)).toEqual({ kind: 'ending' });
  });

  test('that does not come, since a question of the window keeps the app, is said to be none', async () => {
    const { outside, done, said, timeIsUp } = await app();
    outside.take({ kind: 'end', answer });
    timeIsUp();
    expect([said, done.at(-1)]).toEqual([[{ kind: 'ending' }, { kind: 'kept' }], 'closed']);
  });

  test('is given up after a while, or when who asked has gone', async () => {
    const late = await app({ isBusy: true });
    late.outside.take({ kind: 'end', answer });
    late.timeIsUp();
    await late.settle();
    expect([late.said.at(-1), late.done.at(-1), late.notices.size]).toEqual([{ kind: 'kept' }, 'closed', 0]);
    const left = await app({ isBusy: true });
    left.outside.take({ kind: 'end', answer });
    left.askerGoes();
    await left.settle();
    left.runsEnd();
    await left.settle();
    expect([left.done.includes('quit'), left.notices.size]).toEqual([false, 0]);
  });
});
