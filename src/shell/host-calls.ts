/** What the window asks about other PCs. */
import type { Handlers } from '../ipc/main.js';
import type { HostBook } from './host-book.js';

export const hostCalls = (book: HostBook) =>
  ({
    testHost: ({ address, accepts }) => book.test(address, accepts),
    testKnownHost: ({ host }) => book.testKnown(host),
    addHost: ({ address, label, isOther }) => book.add(address, label, isOther),
    renameHost: ({ host, label }) => book.rename(host, label),
    removeHost: ({ host }) => book.remove(host),
  }) satisfies Partial<Handlers>;
