/** Did something else change what nested VMs depend on? Compares two readings; what the app itself is changing does not count. Pure. */
import type { Guid } from '../core/call.js';
import type { Machine, Vm } from '../core/machine.js';
import type { Message } from '../text/index.js';

export interface Drift {
  readonly vm: Guid;
  readonly name: string;
  readonly changes: readonly Message[];
}

/** `ours`: VMs that a run of the app changes now, or has changed since `before` was read. */
export function driftBetween(before: Machine, after: Machine, ours: ReadonlySet<Guid>): readonly Drift[] {
  const old = new Map((before.vms ?? []).map((vm) => [vm.id, vm]));
  return (after.vms ?? []).flatMap((vm) => {
    const was = old.get(vm.id);
    if (!was || was === vm || ours.has(vm.id)) return [];
    const changes = changesOf(was, vm);
    return changes.length > 0 ? [{ vm: vm.id, name: vm.name, changes }] : [];
  });
}

/** Only from one known value to another: what could not be read has not changed. */
function changesOf(was: Vm, now: Vm): readonly Message[] {
  const at = now.readAt;
  const changes: Message[] = [];
  if (was.nesting !== undefined && now.nesting !== undefined && was.nesting !== now.nesting)
    changes.push({ key: now.nesting ? 'tray.driftNestingOn' : 'tray.driftNestingOff', params: { at } });
  for (const adapter of now.adapters ?? []) {
    const { macSpoofing } = was.adapters?.find(({ id }) => id === adapter.id) ?? {};
    if (macSpoofing === undefined || adapter.macSpoofing === undefined || macSpoofing === adapter.macSpoofing) continue;
    changes.push({
      key: adapter.macSpoofing === 'On' ? 'tray.driftSpoofingOn' : 'tray.driftSpoofingOff',
      params: { at },
    });
  }
  const [from, to] = [was.memory.startup, now.memory.startup];
  if (from !== undefined && to !== undefined && from !== to)
    changes.push({ key: 'tray.driftMemory', params: { from, to, at } });
  return changes;
}
