/** Several PCs beside each other: each call goes to the one that it is about, and nothing waits for one that is away. */
import { describe, expect, test } from 'vitest';
import { textOf, thisPc, vmIn, type HostId, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { ShownHost } from '../../../src/ipc/schema.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { OpenHosts } from '../../../src/shell/open-hosts.js';
import type { OpenSource } from '../../../src/shell/open-source.js';
import type { World } from '../../../src/shell/world.js';
import { stateOf } from '../../renderer/bridge.js';
import { hostNamed, otherPc } from '../core/other-pc.js';
import { guid } from '../core/worlds.js';

const third = hostNamed('host-ba9876543210');
const shownOf = (id: HostId): ShownHost => ({ id, label: textOf(id), address: 'admin@there' });

/** A source of which only the ways in and out are real. */
function sourceOf(at: HostId, log: string[], opens: () => Promise<void> = () => Promise.resolve()) {
  let world: World | undefined;
  const busy = new Set<VmRef>();
  const source = {
    get world() {
      return world;
    },
    get opened() {
      if (!world) throw new Error('not open');
      return world;
    },
    async open() {
      log.push(`open ${textOf(at)}`);
      await opens();
      world = {
        place: { at },
        runs: {
          planOf: (id: string) => (id === `plan of ${textOf(at)}` ? {} : undefined),
          records: [{ id: `run of ${textOf(at)}` }],
          busyVms: busy,
          get isBusy() {
            return busy.size > 0;
          },
          interrupt: () => log.push(`interrupt ${textOf(at)}`),
          idle: () => Promise.resolve(),
        },
        used: () => log.push(`used ${textOf(at)}`),
      } as unknown as World;
    },
    async close() {
      log.push(`close ${textOf(at)}`);
      world = undefined;
    },
    closeFiles: () => undefined,
    keepDrift: () => log.push(`kept on ${textOf(at)}`),
  } as unknown as OpenSource;
  return { source, busy };
}

function desk(
  known: readonly ShownHost[] = [shownOf(otherPc), shownOf(third)],
  opens?: (host: HostId) => Promise<void>,
) {
  const log: string[] = [];
  const failed: unknown[] = [];
  const made = new Map<HostId, ReturnType<typeof sourceOf>>();
  const seen = { known };
  const store = new AppStore(stateOf([]), () => undefined);
  const local = sourceOf(thisPc, log);
  const hosts = new OpenHosts({
    store,
    local: local.source,
    known: () => seen.known,
    source: () => ({ kind: 'this-pc' }),
    open: ({ id }) => {
      const one = sourceOf(id, log, () => opens?.(id) ?? Promise.resolve());
      made.set(id, one);
      return one.source;
    },
    opened: () => log.push('all open'),
    failed: (_, error) => failed.push(error),
  });
  return { hosts, log, failed, made, seen, store, local };
}

const opened = ['open this-pc', `open ${textOf(otherPc)}`, `open ${textOf(third)}`];

describe('each call', () => {
  test('goes to the PC that has the VM, the plan or the run', async () => {
    const { hosts, log } = desk();
    await hosts.open();
    expect(log).toEqual([...opened, 'all open']);
    expect(hosts.at(otherPc).place.at).toBe(otherPc);
    expect(hosts.withPlan(`plan of ${textOf(third)}`)).toBe(hosts.at(third).runs);
    expect(hosts.withRun(`run of ${textOf(otherPc)}`).place.at).toBe(otherPc);
    expect(hosts.withPlan('unknown')).toBe(hosts.at(thisPc).runs);
    const goalOf = (...at: HostId[]) =>
      ({ kind: 'vms', wants: at.map((host) => ({ vm: vmIn(host, guid(1)), want: {} })), consents: [] }) as const;
    expect(hosts.planner(goalOf(third, third), thisPc)).toBe(hosts.at(third).runs);
    expect(hosts.planner(goalOf(third, otherPc), thisPc)).toBe(hosts.spans);
    expect(hosts.changeOf(`run of ${textOf(otherPc)}`)).toBe(hosts.at(otherPc).runs);
    hosts.keepDrift(vmIn(third, guid(1)));
    expect(log.at(-1)).toBe(`kept on ${textOf(third)}`);
  });

  test('for a host that is not there is refused', async () => {
    const { hosts } = desk([]);
    await hosts.open();
    expect(() => hosts.at(otherPc)).toThrow('no such host');
    expect(() => hosts.keepDrift(vmIn(otherPc, guid(1)))).toThrow('no such host');
  });
});

test('runs of all of them count as one: none is left behind', async () => {
  const { hosts, made, log } = desk();
  expect(hosts.runs).toBeUndefined();
  await hosts.open();
  expect(hosts.runs?.isBusy).toBe(false);
  made.get(third)?.busy.add(vmIn(third, guid(1)));
  expect(hosts.runs?.isBusy).toBe(true);
  expect(hosts.runs?.busyVms).toEqual(new Set([vmIn(third, guid(1))]));
  hosts.runs?.interrupt();
  hosts.used();
  expect(log.slice(4)).toEqual(
    ['interrupt', 'used'].flatMap((act) => [thisPc, otherPc, third].map((at) => `${act} ${textOf(at)}`)),
  );
});

test('all are open once the last one is, or could not be', async () => {
  let end = (): void => undefined;
  const slow = new Promise<void>((_, reject) => (end = () => reject(new Error('no'))));
  const { hosts, log } = desk(undefined, (id) => (id === otherPc ? slow : Promise.resolve()));
  const opening = hosts.open();
  await new Promise((resolve) => setImmediate(resolve));
  expect([hosts.isOpen, log]).toEqual([false, opened]);
  end();
  await opening;
  expect([hosts.isOpen, log]).toEqual([true, [...opened, 'all open']]);
});

test('one that cannot be opened keeps no other, and is said', async () => {
  const { hosts, failed } = desk(undefined, (id) =>
    id === otherPc ? Promise.reject(new Error('no')) : Promise.resolve(),
  );
  await hosts.open();
  expect(failed).toEqual([new Error('no')]);
  expect(hosts.worlds.map(({ place }) => place.at)).toEqual([thisPc, third]);
});

test('one that is another way to the same computer is opened anew, with all that is kept of it', async () => {
  const { hosts, log, seen, store } = desk([shownOf(otherPc), shownOf(third)]);
  await hosts.open();
  log.length = 0;
  seen.known = [{ ...shownOf(otherPc), address: 'admin@build-02' }, shownOf(third)];
  const before = hosts.source(otherPc);
  await hosts.follow(otherPc);
  expect(log).toEqual([`open ${textOf(otherPc)}`]);
  expect(hosts.source(otherPc)).toBe(before);
  expect(store.state.hosts[0]?.address).toBe('admin@build-02');
});

test('those that are new are opened and those that are gone are closed; the rest goes on', async () => {
  const { hosts, log, seen, store } = desk([shownOf(otherPc)]);
  await hosts.open();
  log.length = 0;
  seen.known = [{ ...shownOf(otherPc), label: 'Builds' }, shownOf(third)];
  await hosts.follow();
  expect(log).toEqual([`open ${textOf(third)}`]);
  expect(store.state.hosts.map(({ label }) => label)).toEqual(['Builds', textOf(third)]);
  seen.known = [shownOf(third)];
  await hosts.follow();
  expect(log.at(-1)).toBe(`close ${textOf(otherPc)}`);
  expect(Object.keys(store.state.others)).toEqual([textOf(third)]);
});
