/** What the checks of this PC come to. */
import { checksOfHost } from '../../src/core/checks/all.js';
import type { Check, CheckId } from '../../src/core/checks/check.js';
import type { Machine } from '../../src/core/machine/machine.js';

const rightsIds: readonly CheckId[] = ['rights', 'administrator-protection', 'module', 'language-mode'];
const processorIds: readonly CheckId[] = ['architecture', 'processor', 'extensions', 'hypervisor-below'];

const othersIds: readonly CheckId[] = ['virtualbox', 'vmware', 'haxm', 'aehd', 'docker', 'third-party'];

export type HostGroup = 'processor' | 'windows' | 'rights' | 'others';

export function groupOf({ id }: Check): HostGroup {
  if (rightsIds.includes(id)) return 'rights';
  if (othersIds.includes(id)) return 'others';
  return processorIds.includes(id) ? 'processor' : 'windows';
}

/** Nothing that is done on this PC mends it: it is never "not yet". */
export const isLasting = ({ id, verdict }: Pick<Check, 'verdict'> & { readonly id: string }): boolean =>
  id === 'architecture' && verdict === 'blocker';

/** `rights`: only who may see the VMs is in question. `doctor`: something of this PC stands in the way. */
export function hostStands(machine: Machine): 'fine' | 'doctor' | 'rights' {
  const blockers = checksOfHost(machine).filter(({ verdict }) => verdict === 'blocker');
  if (blockers.length === 0) return 'fine';
  return blockers.every(({ id }) => id === 'rights') ? 'rights' : 'doctor';
}

/** This PC itself keeps every VM from nesting, whoever asks. That its hypervisor does not run now keeps no setting from being written. */
export function isNestingBlocked(checks: readonly Check[]): boolean {
  return checks.some(
    (check) => check.verdict === 'blocker' && check.id !== 'hypervisor' && groupOf(check) !== 'rights',
  );
}

/** `Intel(R) Core(TM) i9-13900K CPU @ 3.00GHz` → `Intel Core i9-13900K` */
export function shortProcessor(name: string): string {
  return name
    .replace(/\((R|TM|C)\)/gi, '')
    .replace(/\s+(CPU|Processor)?\s*@.*$/i, '')
    .replace(/^\d+th Gen\s+/i, '')
    .replace(/\s+\d+-Core Processor.*$/i, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
export const shortWindows = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();
