/**
 * The calls that make a snapshot, and how their results become one. One code for every machine: this PC, and a guest from
 * inside. What could not be read stays undefined and is listed in `unread`; one broken VM never hides the others.
 */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Answers, Batch } from '../cmdlets/batch.js';
import { readOf } from '../cmdlets/reads.js';
import { hasRight, refusalOf } from './access.js';
import { hostCalls, hostFrom } from './host-reading.js';
import type { Machine } from './machine.js';
import { samplesOf } from './running-inside.js';
import { sorted, vmsFrom, type Context } from './vm-reading.js';

/** A first or full snapshot: one batch, no call per VM. */
export function snapshotCalls(at: MachineRef) {
  const vms = { on: { call: 0 }, params: {}, at } as const;
  const cim = { params: {}, at } as const;
  return {
    list: { cmdlet: 'Get-VM', ...cim },
    processors: { cmdlet: 'Get-VMProcessor', ...vms },
    adapters: { cmdlet: 'Get-VMNetworkAdapter', ...vms },
    checkpoints: { cmdlet: 'Get-VMSnapshot', ...vms },
    counters: { cmdlet: 'Get-CimInstance/HyperVHypervisorVirtualProcessor', ...cim },
    ...hostCalls(at),
  } as const satisfies Batch;
}
export type SnapshotAnswers = Answers<ReturnType<typeof snapshotCalls>>;

export function assembleMachine(at: MachineRef, answers: SnapshotAnswers, context: Context): Machine {
  const vms = readOf(answers.list);
  const { identity } = context.handshake;
  // Without rights Windows answers with an empty list and no error: that is no access, not "no VMs" (devhome#2476). Whoever
  // is not known may be without them.
  const isUntold = refusalOf({ unread: readOf(answers.vmHost).errors }) !== undefined;
  const isBlind = vms.rows?.length === 0 && (identity === null || !hasRight(identity) || isUntold);
  const read = vmsFrom(
    {
      list: vms,
      processors: readOf(answers.processors),
      adapters: readOf(answers.adapters),
      checkpoints: readOf(answers.checkpoints),
    },
    { ...context, in: at, counters: samplesOf(answers.counters, context.at ?? 0) },
  );
  const { previous } = context;
  return {
    at,
    host: hostFrom(answers, vms.errors, context),
    vms: vms.rows === undefined || isBlind ? undefined : sorted(read),
    ...(previous?.network && { network: previous.network }),
    ...(previous?.thirdParty && { thirdParty: previous.thirdParty }),
    ...(previous?.inside && { inside: previous.inside }),
  };
}
