/** One reading of a place for a command of a console, beside an app that may run: nothing is written, kept or watched. */
import type { Failure, Host } from '../core/cmdlets/call.js';
import { accessOf } from '../core/machine/access.js';
import type { Goal } from '../core/machine/goal.js';
import type { Machine } from '../core/machine/machine.js';
import type { ShownPlan } from '../ipc/schema.js';
import { KnownRuns } from './known-runs.js';
import type { Place } from './place.js';
import { Plans, readingOf } from './plans.js';
import { MachineReader } from './reader.js';
import { TriedActs } from './tried-acts.js';
import { realWatchClock } from './watcher.js';

export interface Once {
  /** undefined: this PC does not answer at all. */
  readonly machine: Machine | undefined;
  /** Its VMs can be seen. */
  readonly hasVms: boolean;
  readonly plan: (goal: Goal) => Promise<ShownPlan | Failure>;
  readonly close: () => Promise<void>;
}

/** Rejects where no session can be opened. */
export async function readOnce(place: Place, { thirdParty }: { readonly thirdParty: boolean }): Promise<Once> {
  const host = await place.open({ elevated: false, lost: () => undefined, credentials: () => undefined });
  const time = place.time ?? realWatchClock;
  const reader = new MachineReader(
    host,
    place.at,
    { now: () => time.now(), date: () => new Date() },
    () => undefined,
    undefined,
    undefined,
    () => triedOf(place),
  );
  await reader.read({ all: false, vms: [] });
  if (thirdParty) await reader.readThirdParty({ all: true });
  const machine = reader.machine ?? undefined;
  return {
    machine,
    hasVms: accessOf({ kind: 'ready', handshake: host.handshake }, machine ?? null).kind === 'ok',
    plan: (goal) => planOnce(goal, place, host, reader),
    close: async () => {
      await host.close();
      await place.close();
    },
  };
}

async function planOnce(goal: Goal, { at, journal, files }: Place, host: Host, reader: MachineReader) {
  const runs = new KnownRuns({ at, folder: journal, onRecord: () => undefined, onUnwritable: () => undefined });
  await runs.look();
  const plans = new Plans(runs, {
    host: () => host,
    files,
    ...readingOf(reader),
  });
  return plans.make(goal);
}

/** What was tried from the app changes what comes next. A simulated PC begins anew each time. */
function triedOf(place: Place): TriedActs['facts'] {
  if (place.source.kind === 'simulated') return {};
  const tried = new TriedActs(place, { tell: () => undefined, after: () => () => undefined });
  return tried.facts;
}
