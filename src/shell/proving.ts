/** One test of a network at a time: what it finds is heard hop by hop, and it can be stopped at any moment. */
import { hostOf, type VmRef, type MachineRef } from '../core/cmdlets/ref.js';
import type { Host } from '../core/cmdlets/call.js';
import { machineAt, vmAt } from '../core/machine/tree.js';
import type { Machine } from '../core/machine/machine.js';
import type { Proof } from '../core/network/proof.js';
import { prove } from '../core/network/prove.js';

interface Options {
  readonly host: Pick<Host, 'call'>;
  readonly machine: () => Machine | null;
  /** Whether an account for the inside of this machine is known. */
  readonly canEnter: (at: MachineRef) => boolean;
  readonly heard: (proof: Proof) => void;
  /** Milliseconds that only go forward, and stand still while the PC sleeps. */
  readonly now: () => number;
}

export class Proving {
  #stop = new AbortController();

  constructor(private readonly options: Options) {}

  /** Resolves when it has ended. Of a machine that is not there nothing is tried. */
  async start(at: VmRef, vm: VmRef | null): Promise<void> {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    const root = this.options.machine();
    const l1 = vmAt(root, at);
    const l2 = vm !== null && hostOf(vm) === at ? vmAt(root, vm) : undefined;
    const around = machineAt(root, hostOf(at));
    if (!around || !l1) return;
    await prove(
      { root: around, at, l1, l2: l2 ?? null, canEnter: vm !== null && this.options.canEnter(vm) },
      {
        host: this.options.host,
        now: this.options.now,
        date: () => new Date(),
        signal: stop.signal,
        // One that was replaced by another says nothing more.
        heard: (proof) => {
          if (this.#stop === stop) this.options.heard(proof);
        },
      },
    );
  }

  stop(): void {
    this.#stop.abort();
  }
}
