/** What the window asks about other PCs. A key is accepted and a host removed by a person alone; one test at a time. */
import type { TestAnswer } from '../ipc/hosts.js';
import type { Handlers } from '../ipc/main.js';
import type { HostBook } from './host-book.js';

export function hostCalls(book: HostBook, mayOpen: () => boolean) {
  // A test of a known host has no turn in the book: who adds or removes one does not wait for it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (test: () => Promise<TestAnswer>): Promise<TestAnswer> => {
    const next = last.then(test);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    testHost: ({ address, accepts }) => {
      if (accepts !== undefined && !mayOpen()) throw new Error('no person has pressed anything');
      return inTurn(() => book.test(address, accepts));
    },
    testKnownHost: ({ host }) => inTurn(() => book.testKnown(host)),
    addHost: ({ address, label, isOther }) => book.add(address, label, isOther),
    renameHost: ({ host, label }) => book.rename(host, label),
    removeHost: ({ host }) => (mayOpen() ? book.remove(host) : { kind: 'refused' }),
  } satisfies Partial<Handlers>;
}
