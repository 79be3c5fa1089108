/** How a setting and its value are said, and what a failure means: one place, so that every table says the same. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { Failure } from '../../src/core/cmdlets/call.js';
import { nextOfFailure, titleOfFailure } from '../../src/core/errors/failures.js';
import type { ChangePath } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Value } from '../../src/core/change/step.js';
import { nameOfSetting, wordsOfValue } from '../../src/core/change/values.js';
import { shown, type Translator, type Words } from '../../src/text/index.js';
import type { ChainGroup } from './groups.js';
import { numbersAt, ownRowsOf } from './groups.js';
import { settingOf } from './path.js';
import type { ChainProgress } from '../../src/core/run/progress.js';
import { outcomesOf } from '../../src/core/run/progress.js';
import type { TableRow } from './table.js';
import { byId, ifRead } from '../../src/core/machine/reading.js';

export interface What {
  readonly name: Words;
  /** Which adapter, or what it is good for. */
  readonly why: Words | undefined;
  /** The adapter alone, where the VM is said above. */
  readonly adapter: string | undefined;
  readonly value: (value: Value) => Words;
}

/** `vm`: that of the chain. */
export function whatOf(t: Translator, path: ChangePath, vm: Vm | undefined): What {
  const { adapter, vm: id, isInside } = settingOf(path);
  const owner = isInside ? byId(vm?.guest?.vms, id) : vm;
  const of =
    adapter === undefined
      ? undefined
      : ifRead(owner?.adapters, undefined, (all) => all.find((one) => one.id === adapter)?.name);
  return {
    name: t.message(nameOfSetting(path)),
    why:
      isInside && owner
        ? of === undefined
          ? shown(owner.name)
          : t('network.adapterOf', { vm: owner.name, adapter: of })
        : of === undefined
          ? undefined
          : shown(of),
    adapter: of,
    value: (value) => t.message(wordsOfValue(path, value)),
  };
}

export const failureWords = (t: Translator, failure: Failure): { title: string; next: string } => ({
  title: t.message(titleOfFailure(failure)),
  next: t.message(nextOfFailure(failure)),
});

/** The change table of a review. */
export function tableRows(t: Translator, group: ChainGroup, vmOf: (vm: VmRef) => Vm | undefined): readonly TableRow[] {
  const rows = group.chains.map((chain) =>
    ownRowsOf(chain).map(({ change }) => whatOf(t, change.path, vmOf(chain.vm))),
  );
  return ownRowsOf(group.chains[0]).map(({ step, change }, index): TableRow => {
    const what = whatOf(t, change.path, vmOf(group.chains[0].vm));
    // One row stands for many: what it adds is said only where it holds for each of them.
    const isAlike = rows.every((row) => row[index]?.why === what.why);
    return {
      key: change.path,
      numbers: numbersAt(group, index),
      kind: step.kind,
      name: what.name,
      why: isAlike ? what.why : undefined,
      from: what.value(change.from),
      to: what.value(change.to),
      isOneWay: step.kind === 'one-way',
    };
  });
}

/** The table after the run: was and is, read again. */
export function outcomeRows(t: Translator, chain: ChainProgress, vm: Vm | undefined): readonly TableRow[] {
  return outcomesOf(chain).map(({ step, change, was, is, took }): TableRow => {
    const what = whatOf(t, change.path, vm);
    return {
      key: `${step.id} ${change.path}`,
      numbers: [step.number],
      kind: step.kind,
      // A thing is gone, and its name with it: what was done says which.
      name: settingOf(change.path).key === 'made' ? t.message(step.title) : what.name,
      why: what.why,
      from: what.value(was),
      to: took === 'not-done' ? t('wizard.asItWas') : what.value(is ?? (took === 'unknown' ? null : change.to)),
      took,
    };
  });
}
