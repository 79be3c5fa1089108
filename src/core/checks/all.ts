/** All checks of this PC, or of one VM, in the order in which they matter. */
import type { Machine, Vm } from '../machine/machine.js';
import type { Check, Verdict } from './check.js';
import { hostChecks } from './host.js';
import { memoryChecks } from './memory.js';
import { rightsChecks } from './rights.js';
import { thirdPartyChecks, thirdPartyInside } from './third-party.js';
import { vmChecks } from './vm.js';

export const checksOfHost = (machine: Machine): readonly Check[] => [
  ...rightsChecks(machine),
  ...hostChecks(machine),
  ...thirdPartyChecks(machine, { on: 'pc' }),
];

export const checksOfVm = (machine: Machine, vm: Vm): readonly Check[] => [
  ...vmChecks(machine, vm),
  ...memoryChecks(vm),
  ...thirdPartyInside(vm),
];

const order: readonly Verdict[] = ['blocker', 'warning', 'unknown', 'advice', 'ok'];

/** The worst of them; `ok` where there is none. */
export const verdictOf = (checks: readonly Check[]): Verdict =>
  order.find((verdict) => checks.some((check) => check.verdict === verdict)) ?? 'ok';

/** What a person looks for among many: its health, or what stands in the way and can be mended; not what merely runs. */
export const isWrong = (checks: readonly Check[]): boolean =>
  checks.some(
    ({ id, verdict, fix }) =>
      (verdict === 'blocker' || verdict === 'warning') && (id === 'vm-health' || fix !== undefined),
  );
