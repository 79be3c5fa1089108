/** Put-back compares found, wrote and now: now = wrote → put back; now = found → nothing to do; neither → somebody else's. */
import type { Guid } from './call.js';
import type { ChangePath, VmGoal, VmWant } from './goal.js';
import type { Machine } from './machine.js';
import type { Step, Value } from './plan.js';
import type { RunRecord } from './run.js';
import { isOneWay, mergeWants, parsePath, valueAt, wantFor } from './vm-settings.js';

export interface ThreeWay {
  readonly vm: Guid;
  readonly name: string;
  readonly path: ChangePath;
  readonly found: Value;
  readonly wrote: Value;
  /** undefined: could not be read. */
  readonly now: Value | undefined;
  readonly verdict: 'put-back' | 'already-so' | 'somebody-else' | 'one-way' | 'gone' | 'unknown';
}

/** What a run found first and wrote last, by value. A step without a known end counts as written: now tells. */
function writtenBy({ events, plan }: RunRecord): ReadonlyMap<ChangePath, { found: Value; wrote: Value }> {
  const steps = new Map<string, Step>();
  for (const chain of plan.chains) for (const step of chain.steps) steps.set(step.id, step);
  const values = new Map<ChangePath, { found: Value; wrote: Value }>();
  const running = new Map<string, readonly { path: ChangePath; from: Value; to: Value }[]>();
  const write = (changes: readonly { path: ChangePath; from: Value; to: Value }[]): void => {
    for (const { path, from, to } of changes) values.set(path, { found: values.get(path)?.found ?? from, wrote: to });
  };
  for (const event of events) {
    if (event.kind === 'replanned') for (const step of event.chain.steps) steps.set(step.id, step);
    if (event.kind !== 'step') continue;
    if (event.state === 'running') running.set(event.step, event.found ?? steps.get(event.step)?.changes ?? []);
    else {
      const changes = running.get(event.step);
      running.delete(event.step);
      if (changes && (event.state === 'done' || event.state === 'unknown')) write(changes);
      // What did not become as it was written has yet changed: `memory.startup` taken, `memory.maximum` not.
      if (event.state === 'failed') write((event.readBack ?? []).filter(({ from, to }) => from !== to));
    }
  }
  for (const changes of running.values()) write(changes);
  return values;
}

export function threeWay(record: RunRecord, machine: Machine): readonly ThreeWay[] {
  const vms = new Map((machine.vms ?? []).map((vm) => [vm.id, vm]));
  const names = new Map(record.plan.chains.map(({ vm, name }) => [vm, name]));
  return [...writtenBy(record)].flatMap(([path, { found, wrote }]): readonly ThreeWay[] => {
    const parsed = parsePath(path);
    if (!parsed) return [];
    const vm = vms.get(parsed.vm);
    const now = vm && valueAt(vm, path);
    const way = { vm: parsed.vm, name: vm?.name ?? names.get(parsed.vm) ?? parsed.vm, path, found, wrote, now };
    // A list that could not be read is no proof that the VM is gone.
    if (!vm) return [{ ...way, verdict: machine.vms === undefined ? 'unknown' : 'gone' }];
    return [{ ...way, verdict: verdictOf(path, found, wrote, now) }];
  });
}

function verdictOf(path: ChangePath, found: Value, wrote: Value, now: Value | undefined): ThreeWay['verdict'] {
  if (now === undefined) return 'unknown';
  if (now === found) return 'already-so';
  // A saved or paused memory is not made again; nor is a version lowered.
  if (isOneWay(path) || found === 'saved' || found === 'paused' || found === null) return 'one-way';
  return now === wrote ? 'put-back' : 'somebody-else';
}

/** What goes back: ours that is still so, and somebody else's where it was ticked. */
export function putBackWants(ways: readonly ThreeWay[], also: readonly ChangePath[]): readonly VmGoal[] {
  const wants = new Map<Guid, VmWant>();
  for (const { vm, path, found, verdict } of ways) {
    if (verdict !== 'put-back' && !(verdict === 'somebody-else' && also.includes(path))) continue;
    wants.set(vm, mergeWants(wants.get(vm) ?? {}, wantFor(path, found)));
  }
  return [...wants].map(([vm, want]) => ({ at: [], vm, want }));
}
