/** What the window may do about other PCs by itself: no key is accepted and no host removed without a person. */
import { expect, test } from 'vitest';
import type { HostBook } from '../../../src/shell/host-book.js';
import { hostCalls } from '../../../src/shell/host-calls.js';
import { otherPc } from '../core/other-pc.js';

const sha256 = `SHA256:${'a'.repeat(43)}`;

function desk(mayOpen: boolean) {
  const done: string[] = [];
  const ends: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const tested = (what: string, signal?: AbortSignal) => {
    done.push(what);
    if (signal) signals.push(signal);
    return new Promise((resolve) => ends.push(() => resolve({ kind: 'tested' })));
  };
  const book = {
    test: (address: string, accepts: string | undefined, signal: AbortSignal) =>
      tested(accepts === undefined ? address : `accept ${address}`, signal),
    testKnown: (_: unknown, signal: AbortSignal) => tested('known', signal),
    keys: () => tested('keys'),
    remove: () => done.push('remove'),
  };
  return { done, ends, signals, calls: hostCalls(book as unknown as HostBook, () => mayOpen) };
}

test('a key is accepted and a host removed by a press of a person; a test needs none', async () => {
  const pressed = desk(true);
  void pressed.calls.testHost({ address: 'lab', accepts: sha256 });
  await Promise.resolve();
  void pressed.calls.removeHost({ host: otherPc });
  expect(pressed.done).toEqual(['accept lab', 'remove']);
  const flooding = desk(false);
  expect(() => flooding.calls.testHost({ address: 'lab', accepts: sha256 })).toThrow('person');
  expect(await flooding.calls.removeHost({ host: otherPc })).toEqual({ kind: 'refused' });
  void flooding.calls.testHost({ address: 'lab' });
  await Promise.resolve();
  expect(flooding.done).toEqual(['lab']);
});

test('one test at a time: the next waits for it', async () => {
  const { calls, done, ends } = desk(true);
  const first = calls.testHost({ address: 'one' });
  const second = calls.testKnownHost({ host: otherPc });
  await Promise.resolve();
  expect(done).toEqual(['one']);
  ends[0]?.();
  await first;
  expect(done).toEqual(['one', 'known']);
  ends[1]?.();
  await second;
});

test('the keys of a host are read once at a time, and no test waits for them', async () => {
  const { calls, done, ends } = desk(true);
  const keys = [calls.hostKeys({ host: otherPc }), calls.hostKeys({ host: otherPc })];
  void calls.testHost({ address: 'one' });
  await Promise.resolve();
  expect(done).toEqual(['keys', 'one']);
  ends[0]?.();
  await Promise.all(keys);
  void calls.hostKeys({ host: otherPc });
  expect(done).toEqual(['keys', 'one', 'keys']);
});

test('a test that nobody waits for any more is ended, also one that waits for its turn; a later one is not', async () => {
  const { calls, signals, ends } = desk(true);
  const first = calls.testHost({ address: 'one' });
  const second = calls.testKnownHost({ host: otherPc });
  await Promise.resolve();
  calls.stopHostTest();
  const third = calls.testHost({ address: 'two' });
  ends[0]?.();
  await first;
  expect(await second).toEqual({ kind: 'stopped' });
  await new Promise(setImmediate);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  ends[1]?.();
  await third;
});
