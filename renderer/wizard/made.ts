/** What a plan makes inside a machine or around it, and what it changes for the VMs in there: tables of their own, with the same numbers. */
import type { Guid } from '../../src/core/cmdlets/call.js';
import { hostOf, idOf, isVmRef, textOf, type MachineRef } from '../../src/core/cmdlets/ref.js';
import type { ThingToMake } from '../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { foreseen, isCheckpoint, nameOfThing, whyOfMaking } from '../../src/core/network/things.js';
import type { Chain, Step } from '../../src/core/change/step.js';
import type { Translator, Words } from '../../src/text/index.js';
import { rowsOf, type Row } from './groups.js';
import { settingOf } from './path.js';
import type { ChainProgress, StepProgress } from '../../src/core/run/progress.js';
import type { TableRow } from './table.js';
import { whatOf } from './words.js';
import { ifRead } from '../../src/core/machine/reading.js';

export interface MadeSection {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly rows: readonly TableRow[];
}

type MakeStep = Step & { readonly makes: ThingToMake };
/** A checkpoint is no part of the change: its tick says what it is. */
const isMaking = (step: Step): step is MakeStep => step.makes !== undefined && !isCheckpoint(step.makes);
export const makesOf = (chain: Chain): readonly MakeStep[] => chain.steps.filter(isMaking);

function madeWords(t: Translator, { makes }: MakeStep): { readonly name: Words; readonly why: Words } {
  return { name: t.message(nameOfThing(foreseen(makes))), why: t.message(whyOfMaking(makes)) };
}

const base = (step: Step): Pick<TableRow, 'key' | 'numbers' | 'kind'> => ({
  key: step.id,
  numbers: [step.number],
  kind: step.kind,
});

/** First what is made, around the VM and in it, then what changes for each VM inside. `outer`: the VM that it is in. */
export function sectionsOf(
  t: Translator,
  chain: Chain,
  vm: Vm | undefined,
  outer: Vm | undefined,
): readonly MadeSection[] {
  const around = hostOf(chain.vm);
  const outerName = outer?.name ?? (isVmRef(around) ? idOf(around).slice(0, 8) : '');
  const titles = [
    [around, isVmRef(around) ? t('network.madeTitle', { name: outerName }) : t('network.madeHereTitle')],
    [chain.vm, t('network.madeTitle', { name: chain.name })],
  ] as const;
  const nested = new Map<Guid, Row[]>();
  for (const row of rowsOf(chain)) {
    const { vm: owner, isInside } = settingOf(row.change.path);
    if (isInside) nested.set(owner, [...(nested.get(owner) ?? []), row]);
  }
  return [
    ...titles.flatMap(([at, title]): readonly MadeSection[] => {
      const rows = madeRows(t, chain, at);
      return rows.length === 0 ? [] : [{ key: `made ${textOf(at)}`, title, note: t('network.madeNote'), rows }];
    }),
    ...[...nested].map(([id, rows]): MadeSection => ({
      key: id,
      title: t('network.nestedTitle', { name: nameIn(vm?.guest, id) }),
      note: t('network.nestedNote', { name: chain.name }),
      rows: nestedRows(t, rows, vm),
    })),
  ];
}

const madeRows = (t: Translator, chain: Chain, at: MachineRef): readonly TableRow[] =>
  makesOf(chain)
    .filter(({ makes }) => makes.at === at)
    .map((step) => ({
      ...base(step),
      ...madeWords(t, step),
      from: t('network.madeNone'),
      to: t('network.made'),
    }));

const nameIn = (guest: Machine | undefined, id: Guid): string =>
  ifRead(guest?.vms, undefined, (all) => all.find((one) => one.id === id)?.name) ?? id.slice(0, 8);

const nestedRows = (t: Translator, rows: readonly Row[], vm: Vm | undefined): readonly TableRow[] =>
  rows.map(({ step, numbers, change }): TableRow => {
    const what = whatOf(t, change.path, vm);
    return {
      key: change.path,
      numbers,
      kind: step.kind,
      name: what.name,
      why: what.adapter,
      from: what.value(change.from),
      to: what.value(change.to),
    };
  });

/** After the run: which of it is there. */
export function madeOutcomeRows(t: Translator, { steps }: ChainProgress): readonly TableRow[] {
  return steps.flatMap(({ step, state }): TableRow[] => {
    if (!isMaking(step)) return [];
    const took = tookOf(state);
    return [
      {
        ...base(step),
        ...madeWords(t, step),
        from: t('network.madeNone'),
        to: took === 'yes' ? t('network.made') : took === 'unknown' ? t('wizard.unknownValue') : t('network.notMade'),
        took,
      },
    ];
  });
}

function tookOf(state: StepProgress['state']): NonNullable<TableRow['took']> {
  if (state === 'done') return 'yes';
  if (state === 'unknown') return 'unknown';
  return state === 'failed' ? 'no' : 'not-done';
}
