/** The readings of memory that the chart is drawn from. Kept here: the window is destroyed when it is closed. */
import type { Guid } from '../core/cmdlets/call.js';
import type { Machine } from '../core/machine/machine.js';
import { memorySample, withSample, type MemorySample } from '../core/machine/memory-history.js';

interface Kept {
  /** Of the VM as it was when the last one was taken: the same reading is not taken twice. */
  readonly readAt: string;
  readonly samples: readonly MemorySample[];
}

export class MemoryHistory {
  readonly #byVm = new Map<Guid, Kept>();
  #heard: Machine['vms'];

  /** Takes what was read anew. A list that cannot be read now says nothing of what was. */
  heard({ vms }: Machine): void {
    // An idle tick hands on the list as it is.
    if (vms === undefined || vms === this.#heard) return;
    this.#heard = vms;
    for (const vm of vms) {
      const kept = this.#byVm.get(vm.id);
      if (kept?.readAt === vm.readAt) continue;
      const sample = memorySample(vm);
      const samples = kept?.samples ?? [];
      this.#byVm.set(vm.id, { readAt: vm.readAt, samples: sample ? withSample(samples, sample) : samples });
    }
    if (this.#byVm.size === vms.length) return;
    const ids = new Set(vms.map(({ id }) => id));
    for (const id of this.#byVm.keys()) if (!ids.has(id)) this.#byVm.delete(id);
  }

  /** Those after a time, in milliseconds since 1970. */
  of(vm: Guid, since: number): readonly MemorySample[] {
    return (this.#byVm.get(vm)?.samples ?? []).filter(({ at }) => at > since);
  }

  /** Of another source nothing is known yet. */
  clear(): void {
    this.#byVm.clear();
    this.#heard = undefined;
  }
}
