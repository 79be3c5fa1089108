/** What was done from here to mend this PC, and whether it helped: the finding is there again in a later reading, or it is not. */
import type { HostFacts, Tried } from './machine.js';
import { isHypervisorProven } from './platform.js';
import { ifRead } from './reading.js';

interface Row {
  /** It takes effect when Windows starts the next time. */
  readonly needsStart: boolean;
  /** What it was to mend is so no more, for certain. */
  readonly helped: (host: HostFacts) => boolean;
}

const rows: Readonly<Record<Tried['act'], Row>> = {
  'join-group': {
    needsStart: false,
    helped: ({ identity }) => identity !== undefined && (identity.inToken || identity.isMember === true),
  },
  'enable-hyper-v': { needsStart: true, helped: ({ services }) => ifRead(services, false, (all) => 'vmms' in all) },
  'hypervisor-auto': { needsStart: true, helped: isHypervisorProven },
  'start-service': {
    needsStart: false,
    helped: ({ services }) => ifRead(services, false, (all) => all['vmms']?.state === 'Running'),
  },
};
export const triedActs: readonly Tried['act'][] = ['join-group', 'enable-hyper-v', 'hypervisor-auto', 'start-service'];

/** Of a text that is no time, neither is so. */
const isAfter = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b);

const lastOf = ({ tried }: HostFacts, act: Tried['act']): Tried | undefined =>
  ifRead(tried, undefined, (all) => all.findLast((one) => one.act === act));

/** It was done, and waits for the next start of Windows. */
export function waitsForStart(host: HostFacts, act: Tried['act']): boolean {
  const last = lastOf(host, act);
  return (
    rows[act].needsStart &&
    last !== undefined &&
    host.startedAt !== undefined &&
    !isAfter(host.startedAt, last.time) &&
    !rows[act].helped(host)
  );
}

/** It was done and took effect, and what it was to mend is read again since: for who has just found that it is. */
export function inVain(host: HostFacts, act: Tried['act']): Tried | undefined {
  const last = lastOf(host, act);
  if (!last || rows[act].helped(host) || !isAfter(host.readAt, last.time)) return undefined;
  const tookEffect = !rows[act].needsStart || (host.startedAt !== undefined && isAfter(host.startedAt, last.time));
  return tookEffect ? last : undefined;
}

/** What has helped is forgotten: should the finding come back, it has another cause, and is offered the first remedy anew. */
export const stillTried = (host: HostFacts): readonly Tried[] =>
  ifRead(host.tried, [], (all) => all.filter(({ act }) => !rows[act].helped(host)));
