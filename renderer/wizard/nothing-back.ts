/** Nothing goes back: because it is so already, because it could not be read, or because nothing of it can. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { isReadInside } from '../../src/core/change/paths.js';
import type { ThreeWay } from '../../src/core/run/undo.js';
import type { Translator } from '../../src/text/index.js';

export interface NothingBack {
  readonly verdict: 'ok' | 'unknown' | 'advice';
  readonly words: string;
  readonly lead: string;
  /** The machine whose inside has to be read first, and its name. */
  readonly inside?: { readonly at: VmRef; readonly name: string } | undefined;
  /** The VM that has to run first, so that one can look inside. */
  readonly off?: Pick<ThreeWay, 'vm' | 'name'> | undefined;
}

/** What could not be read because nobody was inside. */
export const unreadInside = (rows: readonly ThreeWay[]): readonly ThreeWay[] =>
  rows.filter(({ verdict, path }) => verdict === 'unknown' && isReadInside(path));

export function nothingBack(
  t: Translator,
  all: readonly ThreeWay[],
  only: ReadonlySet<VmRef> | undefined,
  isClosed: (at: VmRef) => boolean,
  isOff: (row: ThreeWay) => boolean,
  isOfCheckpoints = false,
): NothingBack {
  if (only?.size === 0) return { verdict: 'advice', words: t('wizard.undoNoneTitle'), lead: t('wizard.undoNoVm') };
  const rows = only ? all.filter((row) => only.has(row.vm)) : all;
  const unread = unreadInside(rows);
  const off = unread.find(isOff);
  if (off)
    return {
      verdict: 'unknown',
      words: t('wizard.undoUnreadTitle'),
      lead: t('wizard.undoUnreadOff', { name: off.name }),
      off,
    };
  if (rows.some(({ verdict }) => verdict === 'unknown')) {
    const [inside] = unread.map(({ vm: at, name }) => ({ at, name })).filter(({ at }) => isClosed(at));
    return {
      verdict: 'unknown',
      words: t('wizard.undoUnreadTitle'),
      lead: inside ? t('wizard.undoUnreadInside', { name: inside.name }) : t('wizard.undoUnreadLead'),
      inside,
    };
  }
  if (isOfCheckpoints) return { verdict: 'ok', words: t('checkpoint.gone'), lead: t('checkpoint.goneLead') };
  return rows.length > 0 && !rows.some(({ verdict }) => verdict === 'already-so')
    ? { verdict: 'advice', words: t('wizard.undoNoneTitle'), lead: t('wizard.undoNoneLead') }
    : { verdict: 'ok', words: t('wizard.undoAlreadyTitle'), lead: t('wizard.undoAlreadyLead') };
}
