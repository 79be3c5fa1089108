/** What can be made to go wrong, by rule: the n-th call of a cmdlet, for one VM or any. */
import type { ErrorId } from './errors.js';
import { references } from './parameters.js';
import type { WireRequest } from './wire.js';

export type FaultEffect =
  | { readonly kind: 'error'; readonly error: ErrorId }
  /** Never answers. With `after`, the change has been made all the same. */
  | { readonly kind: 'hang'; readonly after?: boolean }
  /** The session dies. With `after`, the change has been made all the same. */
  | { readonly kind: 'die'; readonly after?: boolean }
  | { readonly kind: 'garbage'; readonly after?: boolean }
  /** Answers that all is well, and nothing has changed (MSLab#133: a setting that did not stay). */
  | { readonly kind: 'no-effect' }
  | { readonly kind: 'slow'; readonly seconds: number }
  /** Somebody else is quicker: runs just before the cmdlet. */
  | { readonly kind: 'meanwhile'; readonly act: () => void };

export interface FaultRule {
  readonly cmdlet: string;
  /** Only calls about this VM. */
  readonly vm?: string;
  /** Counts matching calls from 1, from when the rule was made; default the first. */
  readonly nth?: number;
  /** Every call from the n-th on. */
  readonly onwards?: boolean;
  readonly effect: FaultEffect;
}

/** The pipe or the shell is gone; what the world has done stays done. */
export class SessionDied extends Error {}
/** What came back is no reply. */
export class GarbageReply extends Error {}

export interface Faults {
  add(rule: FaultRule): () => void;
  /** The effects that this call meets. */
  meet(request: WireRequest): readonly FaultEffect[];
}

function isAbout(request: WireRequest, vm: string): boolean {
  const { Id, VM, VMNetworkAdapter } = request.parameters;
  const wanted = vm.toLowerCase();
  return (
    (typeof Id === 'string' && Id.toLowerCase() === wanted) ||
    references(VM).some(({ id }) => id.toLowerCase() === wanted) ||
    references(VMNetworkAdapter).some(({ id }) => id.toLowerCase().includes(wanted))
  );
}

export function createFaults(): Faults {
  const rules = new Set<{ readonly rule: FaultRule; met: number }>();
  return {
    add(rule) {
      const entry = { rule, met: 0 };
      rules.add(entry);
      return () => rules.delete(entry);
    },
    meet(request) {
      const effects: FaultEffect[] = [];
      for (const entry of rules) {
        const { cmdlet, vm, nth = 1, onwards = false, effect } = entry.rule;
        if (cmdlet !== request.cmdlet || (vm !== undefined && !isAbout(request, vm))) continue;
        entry.met += 1;
        if (entry.met === nth || (onwards && entry.met > nth)) effects.push(effect);
      }
      return effects;
    },
  };
}
