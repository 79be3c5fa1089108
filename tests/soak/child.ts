/** The app for an hour of its time: a person looks, changes VMs and undoes them, and is signed in to two guests. */
import { vmIn, thisPc, outermostOf } from '../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import { z } from 'zod';
import type { Machine } from '../../src/core/machine/machine.js';
import { consents, openApp } from '../faults/app.js';
import { RemotePc } from '../faults/remote.js';
import { orderSchema, randomOf } from '../faults/wire.js';
import { runFaster } from './time.js';
import type { Said } from './wire.js';

const { speed, ...order } = orderSchema.omit({ act: true }).extend({ speed: z.number() }).parse(JSON.parse(process.argv[2] ?? '')); // prettier-ignore
/** Seconds of the app's time between two things that the person does. */
const PAUSE = 15;
const random = randomOf(1);

const said = { readings: 0, changes: 0, refused: 0, troubles: 0 };
const say = (): void => {
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const line: Said = { heap: heapUsed, ...said };
  fs.writeSync(1, `${JSON.stringify(line)}\n`);
};

const seen: { machine: Machine | null } = { machine: null };
const world = await openApp(new RemotePc(order).place, {
  heard(reading) {
    seen.machine = reading.machine;
    said.readings++;
  },
  ran: () => undefined,
  trouble: (what) => {
    said.troubles++;
    process.stderr.write(`${what}\n`);
  },
});
// A shell takes as long to come up as it does.
runFaster(speed);
const { runs, watcher, guests } = world;
watcher.setVisible(true);

const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

/** Into the guests that there are an account for; whoever does not answer is left alone until the next time. */
async function lookInside(): Promise<void> {
  const account = one(order.accounts);
  if (!account) return;
  const { at, userName, password } = account;
  world.watch(outermostOf(at));
  const result = await guests.enter({ at, userName, password, remember: false });
  if (result.kind !== 'open') said.refused++;
}

/** Somebody else may have been quicker: what is refused is as good here as what is done. */
async function change(): Promise<void> {
  const back = random() < 0.5 ? runs.records.find(({ outcome, undoneBy }) => outcome && !undoneBy) : undefined;
  const vm = one((seen.machine?.vms ?? []).filter(({ state }) => state === 'Off' || state === 'Running'));
  if (!vm) return;
  const shown = await runs.plan(
    back
      ? { kind: 'undo', run: back.id, consents }
      : { kind: 'vms', wants: [{ vm: vmIn(thisPc, vm.id), want: { nesting: vm.nesting !== true } }], consents },
  );
  if ('kind' in shown || shown.result.kind !== 'ready') said.refused++;
  else {
    await runs.start(shown.result.plan.id, consents);
    said.changes++;
  }
}

process.stdin.on('end', () => process.exit(0)).resume();
for (;;) {
  await wait(PAUSE);
  // Not waited for: a guest that hangs keeps the person from nothing else.
  void lookInside();
  await change();
  const vm = one(seen.machine?.vms ?? []);
  world.watch(vm ? vmIn(thisPc, vm.id) : null);
  say();
}
