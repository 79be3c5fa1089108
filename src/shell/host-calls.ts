/** What the window asks about other PCs. A key is accepted and a host removed by a person alone; one test at a time. */
import type { HostId } from '../core/cmdlets/ref.js';
import type { HostKeys } from '../core/machine/hosts.js';
import type { TestAnswer } from '../ipc/hosts.js';
import type { Handlers } from '../ipc/main.js';
import type { HostBook } from './host-book.js';
import { Locks } from './locks.js';

export function hostCalls(
  book: Pick<HostBook, 'test' | 'testKnown' | 'keys' | 'add' | 'rename' | 'remove'>,
  mayOpen: () => boolean,
) {
  // A test of a known host has no turn in the book: who adds or removes one does not wait for it.
  const tests = new Locks();
  /** Keys that are being read: a host is asked once, however often its page is opened, and no test waits for it. */
  const reading = new Map<HostId, Promise<HostKeys>>();
  const keysOf = (host: HostId): Promise<HostKeys> => {
    const keys = reading.get(host) ?? book.keys(host).finally(() => reading.delete(host));
    reading.set(host, keys);
    return keys;
  };
  /** Of those that somebody waits for. */
  const waiting = new Set<AbortController>();
  const tested = (test: (signal: AbortSignal) => Promise<TestAnswer>): Promise<TestAnswer> => {
    const stop = new AbortController();
    waiting.add(stop);
    return tests
      .inTurn(async () => (stop.signal.aborted ? ({ kind: 'stopped' } as const) : await test(stop.signal)))
      .finally(() => waiting.delete(stop));
  };
  return {
    testHost: ({ address, accepts }) => {
      if (accepts !== undefined && !mayOpen()) throw new Error('no person has pressed anything');
      return tested((signal) => book.test(address, accepts, signal));
    },
    testKnownHost: ({ host }) => tested((signal) => book.testKnown(host, signal)),
    stopHostTest: () => waiting.forEach((stop) => stop.abort()),
    hostKeys: ({ host }) => keysOf(host),
    addHost: ({ address, label, sameAs }) => {
      // It takes the place of a key that a person has accepted.
      if (sameAs && !mayOpen()) throw new Error('no person has pressed anything');
      return book.add(address, label, sameAs);
    },
    renameHost: ({ host, label }) => book.rename(host, label),
    removeHost: ({ host }) => (mayOpen() ? book.remove(host) : { kind: 'refused' }),
  } satisfies Partial<Handlers>;
}
