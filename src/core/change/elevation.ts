/** What Windows lets only an administrator do on a PC: said before, and not refused in the middle of a change. */
import { facts, say, type Check } from '../checks/check.js';
import { cmdlets, type CatalogEntry } from '../cmdlets/catalog.js';
import { isVmRef } from '../cmdlets/ref.js';
import type { Machine } from '../machine/machine.js';
import type { Chain, Step } from './step.js';

/** Inside a VM it is an administrator's session that asks. */
const isForElevated = ({ do: act }: Step): boolean =>
  'call' in act && !isVmRef(act.call.at) && (cmdlets[act.call.cmdlet] as CatalogEntry).elevated === true;

/** `around`: the machine that the VM of the chain is in. */
export function elevationBlockers({ host }: Machine, { steps }: Pick<Chain, 'steps'>): readonly Check[] {
  const { identity } = host;
  if (identity?.isElevated === true || !steps.some(isForElevated)) return [];
  return [
    {
      id: 'elevated',
      ...say('blocker', 'checks.elevatedNone'),
      evidence: facts('Elevated', identity?.isElevated),
      fix: { kind: 'act', act: 'allow-session' },
      fixLabel: { key: 'host.fixSession' },
    },
  ];
}
