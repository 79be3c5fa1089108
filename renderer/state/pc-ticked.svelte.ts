/** Of one PC those that are selected, and what nesting would mean for each: made anew only when that PC, or what is selected, changes. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { checksOfHost, checksOfVm } from '../../src/core/checks/all.js';
import { t } from './app.svelte.js';
import { isNestingBlocked } from './host.js';
import type { Listed } from './list.js';
import { prospectOf, type Prospect, type Prospected } from './many.js';
import type { PcState } from './pc-state.svelte.js';

export class PcTicked {
  readonly pc: PcState;
  readonly #selected: () => ReadonlySet<VmRef>;
  readonly vms: readonly Listed[] = $derived.by(() => {
    const selected = this.#selected();
    return this.pc.vms.filter(({ ref }) => selected.has(ref));
  });
  /** A run changes them. */
  readonly busy: readonly Listed[] = $derived.by(() => this.#current.filter(({ ref }) => this.pc.isBusy(ref)));
  /** Something can be done with them. */
  readonly free: readonly Listed[] = $derived.by(() => this.#current.filter(({ ref }) => !this.pc.isBusy(ref)));
  /** Of the free ones. */
  readonly prospects: readonly Prospected[] = $derived.by(() => {
    const { machine } = this.pc;
    if (!machine || this.free.length === 0) return [];
    const isBlocked = isNestingBlocked(checksOfHost(machine));
    const name = machine.host.name ?? t('host.pc');
    return this.free.map(({ ref, vm }) => {
      const prospect = prospectOf(machine, vm, checksOfVm(machine, vm), isBlocked);
      return { ref, vm, prospect, reason: reasonOf(prospect, name) };
    });
  });

  constructor(pc: PcState, selected: () => ReadonlySet<VmRef>) {
    this.pc = pc;
    this.#selected = selected;
  }

  /** Nothing can be done with those of a PC whose VMs are old. */
  get #current(): readonly Listed[] {
    return this.pc.ended ? [] : this.vms;
  }
}

function reasonOf(prospect: Prospect, pc: string): string {
  if (prospect.kind !== 'blocked' && prospect.kind !== 'decide') return '';
  if (prospect.by) return t.message(prospect.by.title);
  return prospect.kind === 'blocked' ? t('machines.blockedByHost', { pc }) : '';
}
