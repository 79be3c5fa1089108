/** Adding another PC: what is tested is what is added, a key that was not accepted is kept by nobody, and one computer is one host. */
import { describe, expect, test } from 'vitest';
import { isHostText, type HostId } from '../../../src/core/cmdlets/ref.js';
import type { HostTest, KnownHost } from '../../../src/core/machine/hosts.js';
import { HostBook } from '../../../src/shell/host-book.js';
import { otherPc } from '../core/other-pc.js';
import { guid } from '../core/worlds.js';

const key = { type: 'ssh-ed25519', sha256: `SHA256:${'a'.repeat(43)}` };
const steps = ['ssh-there', 'name', 'port', 'host-key', 'sign-in', 'powershell', 'modules', 'rights'] as const;

function desk(known: readonly KnownHost[] = [], machine = { id: guid(1), name: 'BUILD-01' }) {
  const seen = { hosts: known, keys: new Map<HostId, string>(), asked: [] as string[], changed: 0 };
  const book = new HostBook({
    hosts: () => seen.hosts,
    keep: (hosts) => (seen.hosts = hosts),
    ways: () => ({
      test: async ({ id, address }): Promise<HostTest> => {
        seen.asked.push(address);
        return seen.keys.has(id)
          ? { passed: steps, fingerprint: key, machine }
          : {
              passed: steps.slice(0, 3),
              failed: { step: 'host-key', failure: 'host-key-new', detail: '' },
              fingerprint: key,
            };
      },
      accept: async ({ id }, { sha256 }) => {
        if (sha256 !== key.sha256) return false;
        seen.keys.set(id, sha256);
        return true;
      },
      move: async (from, to) => {
        seen.keys.set(to.id, seen.keys.get(from.id) ?? '');
        seen.keys.delete(from.id);
      },
      forget: async ({ id }) => void seen.keys.delete(id),
    }),
    changed: async () => {
      seen.changed++;
    },
  });
  return { book, seen };
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
    expect(seen.hosts).toEqual([{ id: added.host, address: 'admin@build-01', label: 'Builds', machine: guid(1) }]);
    expect([...seen.keys.keys()]).toEqual([added.host]);
    expect(seen.changed).toBe(1);
  });

  test('has the same id when it is added again, under whatever address', async () => {
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
    const { book, seen } = desk();
    const add = async (address: string) => {
      await book.test(address, undefined);
      await book.test(address, key.sha256);
      return await book.add(address, address);
    };
    expect(await add('admin@old')).toMatchObject({ kind: 'added' });
    const before = seen.hosts;
    expect(await add('admin@new')).toEqual({ kind: 'known', host: before[0]?.id, label: 'admin@old' });
    expect(seen.hosts).toEqual(before);
  });

  test.each(['', 'admin@', '-oProxyCommand=calc', 'host:99999'])(
    'of the address %o is asked nothing',
    async (address) => {
      const { book, seen } = desk();
      expect(await book.test(address, undefined)).toMatchObject({ kind: 'no-address' });
      expect(seen.asked).toEqual([]);
    },
  );

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

  test('is renamed and removed, with its key; one that is not there is refused', async () => {
    const known = { id: otherPc, address: 'admin@old', label: 'Old', machine: guid(1) };
    const { book, seen } = desk([known]);
    seen.keys.set(known.id, key.sha256);
    await book.rename(known.id, 'New');
    expect(seen.hosts).toEqual([{ ...known, label: 'New' }]);
    await book.remove(known.id);
    expect([seen.hosts, seen.keys.size]).toEqual([[], 0]);
    await expect(book.remove(known.id)).rejects.toThrow('no such host');
  });
});
