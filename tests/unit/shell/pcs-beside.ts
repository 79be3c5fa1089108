/** PCs beside each other, each with runs and a journal of its own, and what changes VMs of several of them. */
import path from 'node:path';
import { textOf, thisPc, type HostId } from '../../../src/core/cmdlets/ref.js';
import { runCalled } from '../../../src/core/run/joint.js';
import type { RunEvent, RunRecord } from '../../../src/core/run/record.js';
import type { Connection, HostState, ShownPlan, StartResult } from '../../../src/ipc/schema.js';
import type { Consent, Goal } from '../../../src/core/machine/goal.js';
import { nothingKnown } from '../../../src/shell/app-state.js';
import { Runs } from '../../../src/shell/runs.js';
import { Spans } from '../../../src/shell/spans.js';
import { sleep, type Clock } from '../../../simulator/clock.js';
import { stateOf } from '../../renderer/bridge.js';
import type { Pc } from '../../pc.js';
import { hostNamed, otherPc } from '../core/other-pc.js';
import { readyOf } from '../core/run-world.js';
import { handshakeOf } from '../core/worlds.js';

export const third = hostNamed('host-ba9876543210');
const labels = new Map<HostId, string>([
  [otherPc, 'BUILD-01'],
  [third, 'BUILD-02'],
]);
const connected: Connection = { kind: 'ready', handshake: handshakeOf({}), elevated: false };

export interface Site<World extends Pc = Pc> {
  readonly pc: World;
  readonly runs: Runs;
  readonly events: RunEvent[];
}

/** `folder`: of the journals of all of them. */
export async function siteAt<World extends Pc>(
  at: HostId,
  pc: World,
  clock: Clock,
  folder: string,
): Promise<Site<World>> {
  await pc.read();
  const events: RunEvent[] = [];
  const runs = await Runs.open({
    host: () => pc.host,
    machine: () => pc.reader.machine,
    readVms: (ids, where) => pc.reader.readVms(ids, where),
    at,
    folder: path.join(folder, textOf(at)),
    appVersion: '0.1.0',
    onEvent: (event) => events.push(event),
    onRecord: () => undefined,
    onUnwritable: () => undefined,
    failed: (error) => {
      throw error;
    },
    now: () => new Date(clock.now()),
    wait: (seconds) => sleep(clock, seconds),
    elapsed: () => clock.now() / 1000,
  });
  return { pc, runs, events };
}

export function beside(sites: ReadonlyMap<HostId, Site>) {
  const connections = new Map<HostId, Connection>();
  /** What was asked to be done later: patience that ends. */
  const later: (() => void)[] = [];
  const stateAt = (at: HostId): HostState => ({
    ...nothingKnown({ kind: 'host' }),
    connection: connections.get(at) ?? connected,
    machine: sites.get(at)?.pc.reader.machine ?? null,
  });
  const spans = new Spans({
    state: () => ({
      ...stateOf([], stateAt(thisPc)),
      hosts: [...labels].map(([id, label]) => ({ id, label, address: 'admin@there' })),
      others: Object.fromEntries([...labels.keys()].map((id) => [textOf(id), stateAt(id)])),
    }),
    runsAt: (at) => sites.get(at)?.runs,
    all: () => [...sites.values()].map(({ runs }) => runs),
    after: (_, act) => {
      later.push(act);
      return () => undefined;
    },
  });
  const records = (): readonly RunRecord[] => [...sites.values()].flatMap(({ runs }) => runs.records);
  return {
    spans,
    connections,
    later,
    records,
    idle: () => Promise.all([...sites.values()].map(({ runs }) => runs.idle())),
    whole: (id: string): RunRecord => {
      const run = runCalled(id, records(), (at) => labels.get(at) ?? 'This PC');
      if (!run) throw new Error('no such run');
      return run;
    },
  };
}

export async function planned(spans: Spans, goal: Goal): Promise<ShownPlan> {
  const shown = await spans.plan(goal);
  if ('kind' in shown) throw new Error(shown.kind);
  return shown;
}
export const start = (spans: Spans, { result }: ShownPlan, consents: readonly Consent[] = []): Promise<StartResult> =>
  spans.start(readyOf(result).id, consents);
export function runOf(started: StartResult): string {
  if (started.kind !== 'started') throw new Error(started.kind);
  return started.run;
}
