/** What the window asks about other PCs. A key is accepted and a host removed by a person alone; one test at a time. */
import type { Handlers } from '../ipc/main.js';
import type { HostBook } from './host-book.js';
import { Locks } from './locks.js';

export function hostCalls(
  book: Pick<HostBook, 'test' | 'testKnown' | 'keys' | 'add' | 'rename' | 'remove'>,
  mayOpen: () => boolean,
) {
  // A test of a known host has no turn in the book: who adds or removes one does not wait for it.
  const tests = new Locks();
  return {
    testHost: ({ address, accepts }) => {
      if (accepts !== undefined && !mayOpen()) throw new Error('no person has pressed anything');
      return tests.inTurn(() => book.test(address, accepts));
    },
    testKnownHost: ({ host }) => tests.inTurn(() => book.testKnown(host)),
    hostKeys: ({ host }) => tests.inTurn(() => book.keys(host)),
    addHost: ({ address, label, isOther }) => book.add(address, label, isOther),
    renameHost: ({ host, label }) => book.rename(host, label),
    removeHost: ({ host }) => (mayOpen() ? book.remove(host) : { kind: 'refused' }),
  } satisfies Partial<Handlers>;
}
