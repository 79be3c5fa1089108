/** Looks into the VM whose page is open, while somebody is signed in there. */
import { textOf, type VmRef } from '../core/cmdlets/ref.js';
import type { Machine } from '../core/machine/machine.js';
import { vmAt } from '../core/machine/tree.js';
import type { Guests } from './guests.js';

/** Milliseconds between two looks. */
const EVERY = 10_000;

interface Options {
  readonly machine: () => Machine | null;
  readonly guests: Pick<Guests, 'states' | 'credentials' | 'look'>;
  /** Nothing may be asked of it now. */
  readonly isKept: (vm: VmRef) => boolean;
  readonly now: () => number;
}

export class Looking {
  #open: VmRef | null = null;
  #lookedAt = -Infinity;
  #isLooking = false;

  constructor(private readonly options: Options) {}

  /** The VM whose page is open; null: none. */
  at(vm: VmRef | null): void {
    this.#open = vm;
    this.#lookedAt = -Infinity;
  }

  async look(): Promise<void> {
    const { machine, guests, isKept, now } = this.options;
    const at = this.#open;
    if (at === null || this.#isLooking) return;
    const state = guests.states[textOf(at)];
    const isKnown = state?.status === 'open' || (state?.status === 'closed' && guests.credentials(at) !== undefined);
    if (!isKnown || vmAt(machine(), at)?.state !== 'Running' || isKept(at)) return;
    if (now() - this.#lookedAt < EVERY) return;
    this.#lookedAt = now();
    this.#isLooking = true;
    try {
      await guests.look(at);
    } finally {
      this.#isLooking = false;
    }
  }
}
