/** What a purpose is found by. */
import { purposeRow, purposes, type Purpose } from '../../src/core/checks/purposes.js';
import type { Translator } from '../../src/text/index.js';
import { hasTyped } from '../state/typed.js';

/** Those with every word that was typed in their name, their reason, or what is typed for them. */
export function findPurposes(t: Translator, typed: string): readonly Purpose[] {
  const has = hasTyped(typed);
  return purposes.filter((purpose) => {
    const { name, why, inner, commands } = purposeRow(purpose);
    return has([t.message(name), t.message(why), t(inner), ...commands.map(({ command }) => command)]);
  });
}
