/** What a purpose is found by. */
import { purposeRow, purposes, type Purpose } from '../../src/core/checks/purposes.js';
import type { Translator } from '../../src/text/index.js';

/** Those with every word that was typed in their name, their reason, or what is typed for them. */
export function findPurposes(t: Translator, typed: string): readonly Purpose[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return purposes.filter((purpose) => {
    const { name, why, inner, commands } = purposeRow(purpose);
    const said = [t.message(name), t.message(why), t(inner), ...commands.map(({ command }) => command)];
    return words.every((word) => said.join(' ').toLocaleLowerCase().includes(word));
  });
}
