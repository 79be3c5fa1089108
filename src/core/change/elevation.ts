/** What Windows lets only an administrator do on a PC: said before, and not refused in the middle of a change. */
import { facts, say, type Check } from '../checks/check.js';
import { cmdlets, type CatalogEntry } from '../cmdlets/catalog.js';
import { isVmRef, rootOf, thisPc } from '../cmdlets/ref.js';
import type { Machine } from '../machine/machine.js';
import type { Chain, Step } from './step.js';

/** Inside a VM it is an administrator's session that asks. */
const isForElevated = ({ do: act }: Step): boolean =>
  'call' in act && !isVmRef(act.call.at) && (cmdlets[act.call.cmdlet] as CatalogEntry).elevated === true;

/** `around`: the machine that the VM of the chain is in. */
export function elevationBlockers({ at, host }: Machine, { steps }: Pick<Chain, 'steps'>): readonly Check[] {
  const { identity } = host;
  if (identity?.isElevated === true || !steps.some(isForElevated)) return [];
  const base = { id: 'elevated', evidence: facts('Elevated', identity?.isElevated) } as const;
  // SSH elevates an administrator from the start, and nobody else later.
  if (rootOf(at) !== thisPc) return [{ ...base, ...say('blocker', 'checks.elevatedThere') }];
  return [
    {
      ...base,
      ...say('blocker', 'checks.elevatedNone'),
      fix: { kind: 'act', act: 'allow-session' },
      fixLabel: { key: 'host.fixSession' },
    },
  ];
}
