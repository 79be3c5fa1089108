/** Chains that do the same thing are shown once, with the names of their VMs: readable for 3 and for 50. */
import type { ChangePath } from '../../src/core/machine/goal.js';
import type { Chain, Change, Step } from '../../src/core/change/step.js';
import { isCheckpoint } from '../../src/core/network/things.js';
import { settingOf } from './path.js';

export interface Row {
  /** The first of them, and the numbers of all. */
  readonly step: Step;
  readonly numbers: readonly number[];
  readonly change: Change;
}

export interface ChainGroup {
  readonly key: string;
  /** The first stands for all of them. */
  readonly chains: readonly [Chain, ...Chain[]];
}

/**
 * The settings of a chain: what it changes besides power. A value that takes two steps (a role and the restart that it needs, an
 * address in place of another) is one row: as it is first, as it is last.
 */
export function rowsOf(chain: Chain): readonly Row[] {
  const rows = new Map<ChangePath, Row>();
  for (const step of chain.steps) {
    if (step.kind === 'power') continue;
    for (const change of step.changes) {
      const before = rows.get(change.path);
      rows.set(
        change.path,
        before
          ? {
              ...before,
              numbers: [...before.numbers, step.number],
              change: { ...before.change, to: change.to },
            }
          : { step, numbers: [step.number], change },
      );
    }
  }
  return [...rows.values()];
}

/** Those of the VM itself: what happens inside it stands in tables of its own. */
export const ownRowsOf = (chain: Chain): readonly Row[] =>
  rowsOf(chain).filter(({ change }) => !settingOf(change.path).isInside);

const signatureOf = (chain: Chain): string =>
  JSON.stringify([
    chain.power ? [chain.power.before, chain.power.after] : null,
    chain.nested.length > 0 ||
    chain.steps.some(({ kind, makes }) => kind === 'inside' || (makes && !isCheckpoint(makes)))
      ? chain.vm
      : null,
    rowsOf(chain).map(({ step, change }) => [
      settingOf(change.path).key,
      // An adapter is told apart by its place, not by its id, which no two VMs share.
      change.from,
      change.to,
      step.kind,
    ]),
  ]);

export function groupsOf(chains: readonly Chain[]): readonly ChainGroup[] {
  const groups = new Map<string, [Chain, ...Chain[]]>();
  for (const chain of chains) {
    const key = signatureOf(chain);
    const group = groups.get(key);
    if (group) group.push(chain);
    else groups.set(key, [chain]);
  }
  return [...groups].map(([key, members]) => ({ key, chains: members }));
}

/** All step numbers of a group that stand for the same row. */
export function numbersAt(group: ChainGroup, index: number): readonly number[] {
  return group.chains.flatMap((chain) => ownRowsOf(chain)[index]?.numbers ?? []);
}
