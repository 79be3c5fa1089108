/** Adding another PC: what is tested is what is added, a key that was not accepted is kept by nobody, and one computer is one host. */
import { describe, expect, test } from 'vitest';
import { isHostText, textOf, type HostId } from '../../../src/core/cmdlets/ref.js';
import type { HostTest, KnownHost } from '../../../src/core/machine/hosts.js';
import { HostBook } from '../../../src/shell/host-book.js';
import { otherPc } from '../core/other-pc.js';
import { guid } from '../core/worlds.js';

const key = { type: 'ssh-ed25519', sha256: `SHA256:${'a'.repeat(43)}` };
const steps = ['ssh-there', 'name', 'port', 'host-key', 'sign-in', 'powershell', 'modules', 'rights'] as const;

const build = { id: guid(1), name: 'BUILD-01' };

function desk(known: readonly KnownHost[] = [], machine = build) {
  const said: Pick<HostTest, 'machine'> = { machine };
  const seen = {
    hosts: known,
    keys: new Map<HostId, string>(),
    asked: [] as string[],
    /** In the order in which it was done. */
    done: [] as string[],
    changed: 0,
    heard: [] as string[],
    busy: false,
    said,
    self: { id: guid(9), name: 'DEV-PC' } as { readonly id?: string; readonly name: string },
    /** What a test waits for, by address. */
    slow: new Map<string, Promise<void>>(),
  };
  const book = new HostBook({
    hosts: () => seen.hosts,
    keep: (hosts) => (seen.hosts = hosts),
    ways: () => ({
      test: async ({ id, address }, { machine, heard }): Promise<HostTest> => {
        seen.asked.push(machine === undefined ? address : `${address}, which is ${machine}`);
        heard?.('port');
        const isAccepted = seen.keys.has(id);
        await seen.slow.get(address);
        return isAccepted
          ? { passed: steps, fingerprint: key, ...seen.said }
          : {
              passed: steps.slice(0, 3),
              failed: { step: 'host-key', failure: 'host-key-new', detail: '' },
              fingerprint: key,
            };
      },
      keys: async ({ address }) => {
        seen.asked.push(`keys of ${address}`);
        return { accepted: key };
      },
      accept: async ({ id }, { sha256 }) => {
        if (sha256 !== key.sha256) return false;
        seen.keys.set(id, sha256);
        return true;
      },
      move: async (from, to) => {
        const [now, before] = [seen.keys.get(from.id) ?? '', seen.keys.get(to.id)];
        seen.keys.set(to.id, now);
        seen.keys.delete(from.id);
        return now === before;
      },
      forget: async ({ id }) => void seen.keys.delete(id),
    }),
    changed: async (anew) => {
      seen.changed++;
      seen.done.push(anew === undefined ? 'closed' : `opened ${textOf(anew)}`);
    },
    isBusy: () => seen.busy,
    heard: (step) => void seen.heard.push(step),
    forget: async () => void seen.done.push('forgotten'),
    self: async () => seen.self,
  });
  /** As a person does it who accepts its key. */
  const add = async (address: string, sameAs?: HostId | null) => {
    await book.test(address, undefined);
    await book.test(address, key.sha256);
    return await book.add(address, address, sameAs);
  };
  return { book, seen, add };
}

describe('a host', () => {
  test('is tested, its key is accepted, and it is added by what it is', async () => {
    const { book, seen } = desk();
    expect(await book.test(' admin@build-01 ', undefined)).toMatchObject({
      test: { failed: { failure: 'host-key-new' } },
    });
    expect(seen.keys.size).toBe(0);
    expect(await book.test('admin@build-01', key.sha256)).toMatchObject({ test: { machine: { name: 'BUILD-01' } } });
    const added = await book.add('admin@build-01', 'Builds');
    if (added.kind !== 'added') throw new Error(added.kind);
    expect(isHostText(added.host)).toBe(true);
    expect(seen.hosts).toEqual([
      { id: added.host, address: 'admin@build-01', label: 'Builds', machine: guid(1), name: 'BUILD-01' },
    ]);
    expect([...seen.keys.keys()]).toEqual([added.host]);
    expect(seen.changed).toBe(1);
  });

  test('has the same id when it is added again, under whatever address, and also where nothing is kept of it', async () => {
    const ids = new Set<unknown>();
    for (const address of ['admin@build-01', 'mei@10.0.0.7:2222']) {
      const { book } = desk();
      await book.test(address, undefined);
      await book.test(address, key.sha256);
      const added = await book.add(address, 'x');
      ids.add(added.kind === 'added' && added.host);
    }
    expect(ids.size).toBe(1);
  });

  test('that is known by another address is not added a second time', async () => {
    const { seen, add } = desk();
    expect(await add('admin@old')).toMatchObject({ kind: 'added' });
    const before = seen.hosts;
    const found = { kind: 'known', host: before[0]?.id, label: 'admin@old' };
    expect(await add('admin@new')).toEqual({ ...found, isMoved: true });
    expect(await add('admin@old')).toEqual({ ...found, isMoved: false });
    expect(seen.hosts).toEqual(before);
  });

  test('takes another address where a person says so, and keeps its label; not while a change is under way', async () => {
    const { seen, add } = desk();
    const added = await add('admin@old');
    const host = added.kind === 'added' ? added.host : undefined;
    const before = seen.hosts;
    seen.busy = true;
    expect(await add('admin@new', host)).toEqual({ kind: 'busy', label: 'admin@old' });
    expect(seen.hosts).toEqual(before);
    seen.busy = false;
    seen.done.length = 0;
    expect(await add('admin@new', host)).toEqual(added);
    expect(seen.hosts).toEqual([{ ...before[0], address: 'admin@new' }]);
    // It has the key of before.
    expect(seen.done).toEqual([`opened ${host && textOf(host)}`]);
  });

  test.each(['', 'admin@', '-oProxyCommand=calc', 'host:99999'])(
    'of the address %o is asked nothing',
    async (address) => {
      const { book, seen } = desk();
      expect(await book.test(address, undefined)).toMatchObject({ kind: 'no-address' });
      expect(seen.asked).toEqual([]);
    },
  );

  test('that nobody waits for any more is not heard of, and not added by what its test has said', async () => {
    const { book, seen } = desk();
    await book.test('admin@build-01', undefined);
    expect(seen.heard).toEqual(['port']);
    expect(await book.test('admin@build-01', key.sha256, AbortSignal.abort())).toEqual({ kind: 'stopped' });
    expect(seen.heard).toEqual(['port']);
    expect(await book.add('admin@build-01', 'x')).toEqual({ kind: 'untested' });
  });

  test('is not added untested, nor by the test of another address', async () => {
    const { book, seen } = desk();
    expect(await book.add('admin@build-01', 'x')).toEqual({ kind: 'untested' });
    await book.test('admin@build-01', undefined);
    expect(await book.add('admin@build-01', 'x')).toEqual({ kind: 'untested' });
    await book.test('admin@build-01', key.sha256);
    expect(await book.add('admin@build-02', 'x')).toEqual({ kind: 'untested' });
    expect(seen.hosts).toEqual([]);
  });

  test('whose key is another than the one that was compared is not accepted', async () => {
    const { book, seen } = desk();
    await book.test('admin@build-01', undefined);
    expect(await book.test('admin@build-01', `SHA256:${'b'.repeat(43)}`)).toEqual({ kind: 'other-key' });
    expect(seen.keys.size).toBe(0);
  });

  test('that is left for another leaves no key behind', async () => {
    const { book, seen } = desk();
    await book.test('admin@build-01', undefined);
    await book.test('admin@build-01', key.sha256);
    await book.test('admin@build-02', undefined);
    expect(seen.keys.size).toBe(0);
  });

  test('that was left in the middle, whenever that was, leaves no key that another is tested by', async () => {
    const { book, seen } = desk();
    await book.test('admin@build-01', undefined);
    await book.test('admin@build-01', key.sha256);
    // The app starts anew, with the files that it had.
    const next = desk();
    next.seen.keys = seen.keys;
    expect(await next.book.test('admin@build-02', undefined)).toMatchObject({
      test: { failed: { failure: 'host-key-new' } },
    });
    expect(seen.keys.size).toBe(0);
  });

  test('is renamed and removed, with its key; one that is not there is refused', async () => {
    const known = { id: otherPc, address: 'admin@old', label: 'Old', machine: guid(1), name: 'OLD' };
    const { book, seen } = desk([known]);
    seen.keys.set(known.id, key.sha256);
    await book.rename(known.id, 'New');
    expect(seen.hosts).toEqual([{ ...known, label: 'New' }]);
    expect(await book.remove(known.id)).toEqual({ kind: 'removed' });
    expect([seen.hosts, seen.keys.size]).toEqual([[{ ...known, label: 'New', isRemoved: true }], 0]);
    // Closed first: what is open could write it again.
    expect(seen.done.slice(-2)).toEqual(['closed', 'forgotten']);
    await expect(book.remove(known.id)).rejects.toThrow('no such host');
  });

  test('is tested after the one before it: a slow answer is never that of another address', async () => {
    const { book, seen } = desk();
    await book.test('admin@a', undefined);
    let answer = (): void => undefined;
    seen.slow.set('admin@a', new Promise((resolve) => (answer = resolve)));
    const first = book.test('admin@a', key.sha256);
    await new Promise(setImmediate);
    const second = book.test('admin@b', undefined);
    await new Promise(setImmediate);
    answer();
    await Promise.all([first, second]);
    expect(await book.add('admin@a', 'x')).toEqual({ kind: 'untested' });
    expect(await book.add('admin@b', 'x')).toEqual({ kind: 'untested' });
    expect([seen.hosts, seen.keys.size]).toEqual([[], 0]);
  });

  test('whose last test does not say which computer it is, is not added by what an older one has said', async () => {
    const { book, seen } = desk();
    await book.test('admin@build-01', undefined);
    await book.test('admin@build-01', key.sha256);
    seen.said = {};
    await book.test('admin@build-01', undefined);
    expect(await book.add('admin@build-01', 'x')).toEqual({ kind: 'untested' });
  });

  test('answers the next call after one that failed', async () => {
    const { book } = desk();
    await expect(book.remove(otherPc)).rejects.toThrow('no such host');
    expect(await book.test('admin@build-01', undefined)).toMatchObject({ kind: 'tested' });
  });

  test('that is known is tested as the computer that it was when it was added', async () => {
    const { book, seen } = desk([{ id: otherPc, address: 'admin@old', label: 'Old', machine: guid(1), name: 'OLD' }]);
    expect(await book.testKnown(otherPc)).toMatchObject({ kind: 'tested' });
    expect(await book.keys(otherPc)).toEqual({ accepted: key });
    expect(seen.asked).toEqual([`admin@old, which is ${guid(1)}`, 'keys of admin@old']);
  });

  test('on which a change is under way stays', async () => {
    const known = { id: otherPc, address: 'admin@old', label: 'Old', machine: guid(1), name: 'OLD' };
    const { book, seen } = desk([known]);
    seen.busy = true;
    expect(await book.remove(known.id)).toEqual({ kind: 'busy' });
    expect([seen.hosts, seen.done]).toEqual([[known], []]);
  });

  test('that does not say its name, and this PC itself, are not added', async () => {
    expect(await desk([], { id: guid(1), name: '' }).add('admin@build-01')).toEqual({ kind: 'no-name' });
    expect(await desk([], { id: guid(9), name: 'dev-pc' }).add('admin@localhost')).toEqual({ kind: 'this-pc' });
  });

  test('that has the name of this PC is not added where nobody knows the id of this PC', async () => {
    const { seen, add } = desk([], { id: guid(9), name: 'dev-pc' });
    seen.self = { name: 'DEV-PC' };
    expect(await add('admin@localhost')).toEqual({ kind: 'this-pc' });
    seen.said = { machine: build };
    expect(await add('admin@build-01')).toMatchObject({ kind: 'added' });
  });

  test('that has the computer id of another is added only when a person says that it is another', async () => {
    const { seen, add } = desk();
    const [id] = [await add('admin@old')].flatMap((added) => (added.kind === 'added' ? added.host : []));
    const before = seen.hosts;
    seen.said = { machine: { ...build, name: 'BUILD-02' } };
    expect(await add('admin@new')).toEqual({ kind: 'same-id', hosts: [{ id, label: 'admin@old' }] });
    expect(seen.hosts).toEqual(before);
    expect(await add('admin@new', null)).toMatchObject({ kind: 'added' });
    expect(seen.hosts).toHaveLength(2);
    expect(new Set(seen.hosts.map((host) => host.id)).size).toBe(2);
  });
});

/** Its journal and what is kept for its VMs go by its id. */
describe('a computer that was renamed', () => {
  const renamed = { ...build, name: 'BUILD-02' };
  const desks = async (machine = renamed) => {
    const it = desk();
    const added = await it.add('admin@build-01');
    if (added.kind !== 'added') throw new Error(added.kind);
    it.seen.keys.set(added.host, 'of its old name');
    it.seen.said = { machine };
    return { ...it, id: added.host };
  };

  test('keeps its id where a person says so, and takes the new address, name and key', async () => {
    const { seen, add, id } = await desks();
    expect(await add('admin@build-02', id)).toEqual({ kind: 'added', host: id });
    expect(seen.hosts).toEqual([
      { id, address: 'admin@build-02', label: 'admin@build-02', machine: guid(1), name: 'BUILD-02' },
    ]);
    expect([...seen.keys]).toEqual([[id, key.sha256]]);
    // From now on it is known by that name.
    expect(await add('admin@10.0.0.7')).toMatchObject({ kind: 'known', host: id });
  });

  test('is opened anew, without the passwords that were kept where its key is another one', async () => {
    for (const [old, done] of [
      [undefined, ['forgotten']],
      [key.sha256, []],
    ] as const) {
      const { seen, add, id } = await desks();
      if (old !== undefined) seen.keys.set(id, old);
      seen.done.length = 0;
      await add('admin@build-02', id);
      expect(seen.done).toEqual([...done, `opened ${textOf(id)}`]);
    }
  });

  test('keeps it when it is removed and added again, renamed before or meanwhile', async () => {
    const { book, seen, add, id } = await desks();
    await add('admin@build-02', id);
    await book.remove(id);
    expect(await add('admin@build-02')).toEqual({ kind: 'added', host: id });
    await book.remove(id);
    seen.said = { machine: { ...build, name: 'BUILD-03' } };
    expect(await add('admin@build-03')).toEqual({ kind: 'same-id', hosts: [{ id, label: 'admin@build-02' }] });
    expect(await add('admin@build-03', id)).toEqual({ kind: 'added', host: id });
    expect(seen.hosts).toHaveLength(1);
  });

  test('leaves its old name to another, which has an id of its own', async () => {
    const { seen, add, id } = await desks();
    await add('admin@build-02', id);
    seen.said = { machine: build };
    expect(await add('admin@build-01')).toMatchObject({ kind: 'same-id' });
    const other = await add('admin@build-01', null);
    expect(other).toMatchObject({ kind: 'added' });
    expect(other).not.toEqual({ kind: 'added', host: id });
  });

  test('is no computer of another id, whatever is said', async () => {
    const { seen, add, id } = await desks({ id: guid(2), name: 'BUILD-02' });
    const before = seen.hosts;
    expect(await add('admin@build-02', id)).toEqual({ kind: 'untested' });
    expect(seen.hosts).toEqual(before);
  });

  test('stays as it is while a change is under way on it', async () => {
    const { seen, add, id } = await desks();
    const before = seen.hosts;
    seen.busy = true;
    expect(await add('admin@build-02', id)).toEqual({ kind: 'busy', label: 'admin@build-01' });
    expect(seen.hosts).toEqual(before);
  });
});
