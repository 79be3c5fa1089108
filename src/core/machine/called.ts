/** The VMs that a person calls by name or id. A name that fits several calls none of them. */
import { isIdText } from '../cmdlets/ref.js';
import type { Vm } from './machine.js';

export type Called =
  | { readonly kind: 'found'; readonly vms: readonly Vm[] }
  | { readonly kind: 'unknown'; readonly word: string }
  | { readonly kind: 'several'; readonly word: string; readonly vms: readonly Vm[] };

export function vmsCalled(vms: readonly Vm[], words: readonly string[]): Called {
  const found = new Set<Vm>();
  for (const word of words) {
    const fitting = fittingTo(vms, word);
    const [first] = fitting;
    if (!first) return { kind: 'unknown', word };
    if (fitting.length > 1) return { kind: 'several', word, vms: fitting };
    found.add(first);
  }
  return { kind: 'found', vms: [...found] };
}

/** The id before the name, the name as it is written before one in other letters. */
function fittingTo(vms: readonly Vm[], word: string): readonly Vm[] {
  const lower = word.toLowerCase();
  const byId = isIdText(lower) ? vms.filter(({ id }) => id === lower) : [];
  if (byId.length > 0) return byId;
  const exact = vms.filter(({ name }) => name === word);
  return exact.length > 0 ? exact : vms.filter(({ name }) => name.toLowerCase() === lower);
}
