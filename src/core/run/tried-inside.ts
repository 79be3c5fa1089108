/** What runs mended inside a VM and a later reading finds so no more: from their history alone, and what comes next then. */
import type { Check } from '../checks/check.js';
import { serviceLog } from '../checks/host-fixes.js';
import { parsePath } from '../change/paths.js';
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import { guestServices, type GuestService } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { verifiedIn } from './progress.js';
import { isSound, newestFirst, type RunRecord } from './record.js';

/** When a run started it last (ISO 8601): it ran then, and is stopped now, by whom nobody knows. Not what was undone since. */
export function startedOnce(
  records: readonly RunRecord[],
  at: MachineRef,
  { id, guest }: Vm,
  service: GuestService,
): string | undefined {
  const now = ifRead(guest?.host.services, undefined, (all) => all[service]?.state);
  if (!guest || now !== 'Stopped') return undefined;
  const last = records
    .filter(isSound)
    .toSorted(newestFirst)
    .flatMap((record) => verifiedIn(record).toReversed())
    .find(({ path, chain }) => {
      const parsed = parsePath(path);
      const isOf = parsed?.property === 'service.state' && parsed.service === service;
      return isOf && chain.vm === vmIn(at, id);
    });
  const isLater = last !== undefined && Date.parse(guest.host.readAt) > Date.parse(last.time);
  return isLater && last.to === 'Running' ? last.time : undefined;
}

/** Checks as they are, and of a service that a run has started what to look at before it is started again. */
export function afterTrying<One extends Omit<Check, 'id'> & { readonly id: string }>(
  checks: readonly One[],
  records: readonly RunRecord[],
  at: MachineRef,
  vm: Vm,
): readonly One[] {
  const tried = guestServices.flatMap((service) => {
    const time = startedOnce(records, at, vm, service);
    return time === undefined ? [] : [{ service, time }];
  });
  return checks.map((check) => {
    const found = tried.find(({ service }) =>
      check.evidence.some(({ source }) => source === `Win32_Service ${service}`),
    );
    if (check.id !== 'guest-service' || !found) return check;
    const params = { service: found.service, name: vm.name, at: found.time };
    return {
      ...check,
      why: { key: 'inside.serviceTriedWhy', params },
      commands: [serviceLog],
    };
  });
}
