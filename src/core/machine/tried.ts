/** What was done from here to mend this PC, and whether it helped: the finding is there again in a later reading, or it is not. */
import type { HostFacts, OneShot, Tried } from './machine.js';
import { belowOf, isHypervisorProven } from './platform.js';
import { ifRead } from './reading.js';

interface Row {
  /** It takes effect when Windows starts the next time, or at once: what undoes that comes hours later (a policy, a service that ends). */
  readonly effect: 'at-start' | 'at-once';
  /** What it was to mend is so no more, for certain. */
  readonly helped: (host: HostFacts) => boolean;
}

const rows: Readonly<Record<OneShot, Row>> = {
  'join-group': {
    effect: 'at-once',
    helped: ({ identity }) => identity !== undefined && (identity.inToken || identity.isMember === true),
  },
  'enable-hyper-v': { effect: 'at-start', helped: ({ services }) => ifRead(services, false, (all) => 'vmms' in all) },
  'hypervisor-auto': {
    effect: 'at-start',
    // In a VM one is always reported.
    helped: (host) =>
      isHypervisorProven(host) || (host.computer?.hypervisorPresent === true && belowOf(host) === 'none-seen'),
  },
  'start-service': {
    effect: 'at-once',
    helped: ({ services }) => ifRead(services, false, (all) => all['vmms']?.state === 'Running'),
  },
};

const week = 7 * 24 * 60 * 60 * 1000;

/** How long before this reading it was done, by a clock that may have been wrong: below 0, or of a text that is no time, nothing is known. */
const ageOf = ({ time }: Tried, { readAt }: HostFacts): number => Date.parse(readAt) - Date.parse(time);

const lastOf = ({ tried }: HostFacts, act: OneShot): Tried | undefined =>
  ifRead(tried, undefined, (all) => all.findLast((one) => one.act === act));

/** Windows has started since it was done. undefined: not known. Clocks are set; which start it was stays the same. */
const hasStartedSince = ({ startedAt }: Tried, host: HostFacts): boolean | undefined =>
  startedAt === undefined || host.startedAt === undefined ? undefined : startedAt !== host.startedAt;

/** It was done, and waits for the next start of Windows. */
export function waitsForStart(host: HostFacts, act: OneShot): boolean {
  const last = lastOf(host, act);
  const { effect, helped } = rows[act];
  return effect === 'at-start' && last !== undefined && hasStartedSince(last, host) === false && !helped(host);
}

/** It was done and took effect, and what it was to mend is read again since: for who has just found that it is. */
export function inVain(host: HostFacts, act: OneShot): Tried | undefined {
  const last = lastOf(host, act);
  const { effect, helped } = rows[act];
  if (!last || helped(host) || !(ageOf(last, host) > 0)) return undefined;
  return effect === 'at-once' || hasStartedSince(last, host) === true ? last : undefined;
}

/** What has helped is forgotten: should the finding come back, it has another cause, and is offered the first remedy anew. */
export const stillTried = (host: HostFacts): readonly Tried[] =>
  ifRead(host.tried, [], (all) =>
    all.filter((one) => {
      const { effect, helped } = rows[one.act];
      return !helped(host) || (effect === 'at-once' && ageOf(one, host) <= week);
    }),
  );
