/** The app over a host that is reached over SSH: its session, reader and journal, as src/compose.ts makes them for it. */
import fs from 'node:fs';
import { vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import type { Goal, VmWant } from '../../src/core/machine/goal.js';
import type { Machine } from '../../src/core/machine/machine.js';
import { textOfAddress } from '../../src/core/machine/hosts.js';
import type { RunEvent, RunRecord } from '../../src/core/run/record.js';
import type { Connection } from '../../src/ipc/schema.js';
import { readJournals } from '../../src/shell/journal.js';
import type { World } from '../../src/shell/world.js';
import { sshPlace, sshWays } from '../../src/ssh-place.js';
import { consents, openApp } from '../faults/app.js';
import { asking, type Behind } from './ssh-lab.js';
import { guidOf } from './world.js';

/** All that was told so far, and waiting for what will be. */
function told<One>() {
  const all: One[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    tell: (one: One): void => {
      all.push(one);
      for (const look of waiting) look();
    },
    /** The first one after so many that is so. */
    until: (isSo: (one: One) => boolean, after = 0): Promise<One> =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = all.slice(after).find(isSo);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

interface Options {
  readonly at: HostId;
  /** The id of its firmware. */
  readonly machine: string;
  readonly userData: string;
  /** Options of ssh before all others. */
  readonly before?: readonly string[];
}

export interface AppOver {
  readonly world: World;
  readonly connections: ReturnType<typeof told<Connection>>;
  readonly events: ReturnType<typeof told<RunEvent>>;
  readonly machines: ReturnType<typeof told<Machine>>;
  readonly troubles: readonly string[];
  /** Runs it to its end. */
  readonly run: (goal: Goal) => Promise<RunRecord>;
  readonly goalFor: (name: string, want: VmWant) => Goal;
  /** undefined: there is nothing to undo any more. */
  readonly undo: (record: RunRecord) => Promise<RunRecord | undefined>;
  /** As the next start of the app reads it. */
  readonly journal: () => Promise<readonly RunRecord[]>;
  readonly close: () => Promise<void>;
}

/** Its key was accepted before. Resolves when it is open and all of it was read. */
export async function appOver(behind: Behind, { at, machine, userData, before = [] }: Options): Promise<AppOver> {
  const { ssh, address } = behind.sshd.way();
  const known = { id: at, address: textOfAddress(address), label: 'Lab', machine, name: 'LAB' };
  const options = { ssh: { ...ssh, before: [...before, ...(ssh.before ?? [])] }, windows: '', userData, standIn: asking(behind) }; // prettier-ignore
  const ways = sshWays(options);
  const { fingerprint } = await ways.test(known, {});
  if (!fingerprint || !(await ways.accept(known, fingerprint))) throw new Error('no key');
  const place = sshPlace(known, options);
  fs.mkdirSync(place.journal, { recursive: true });
  const [connections, events, machines] = [told<Connection>(), told<RunEvent>(), told<Machine>()];
  const troubles: string[] = [];
  const world = await openApp(place, {
    heard: (reading) => machines.tell(reading.machine),
    ran: events.tell,
    connected: connections.tell,
    trouble: (what) => troubles.push(what),
  });
  const ended = async (goal: Goal): Promise<RunRecord | undefined> => {
    const shown = await world.runs.plan(goal);
    if ('kind' in shown) throw new Error(`not planned: ${JSON.stringify(shown)}`);
    if (shown.result.kind === 'already-so') return undefined;
    if (shown.result.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(shown.result)}`);
    const started = await world.runs.start(shown.result.plan.id, consents);
    if (started.kind !== 'started') throw new Error(`not started: ${JSON.stringify(started)}`);
    await events.until((event) => event.run === started.run && event.kind === 'ended');
    await world.runs.idle();
    return world.runs.records.find(({ id }) => id === started.run);
  };
  return {
    world,
    connections,
    events,
    machines,
    troubles,
    run: async (goal) => {
      const record = await ended(goal);
      if (!record) throw new Error('there was nothing to do');
      return record;
    },
    goalFor: (name, want) => ({
      kind: 'vms',
      wants: [{ vm: vmIn(at, guidOf(behind.simulator, name)), want }],
      consents,
    }),
    undo: (record) => ended({ kind: 'undo', run: record.id, also: [], consents }),
    journal: () => readJournals(place.journal, at),
    close: () => world.close(),
  };
}
