/** What the list shows of one PC: made anew only when that PC, or what is looked for, changes. */
import { checksOfVm, isWrong } from '../../src/core/checks/all.js';
import { badgeOf } from '../../src/core/machine/vm-state.js';
import { isFine, isListed } from '../hosts/pcs.js';
import { app, t } from './app.svelte.js';
import { badgeLook } from './badges.js';
import { byPower, found, isNarrowed, type Filter, type Listed, type Section } from './list.js';
import type { PcState } from './pc-state.svelte.js';

export class PcRows {
  readonly pc: PcState;
  readonly #filter: () => Filter;
  /** By whether they run: the list of one PC. */
  readonly byPower: readonly Section[] = $derived.by(() =>
    byPower(found(this.pc.vms, this.#filter(), { words: this.#words, needsAttention: this.#needsAttention })),
  );
  /** Its part of the list of all PCs. None: it has nothing that is looked for; of one whose VMs are not known nobody can tell. */
  readonly ofAll: readonly Section[] = $derived.by(() => {
    const vms = this.byPower.flatMap((section) => section.vms);
    if (isListed(this.pc) && vms.length === 0 && isNarrowed(this.#filter())) return [];
    return [{ head: { pc: this.pc.id, isTall: !isFine(this.pc) }, vms }];
  });

  constructor(pc: PcState, filter: () => Filter) {
    this.pc = pc;
    this.#filter = filter;
  }

  readonly #words = ({ vm }: Listed): readonly string[] => [
    app.stateWord(vm.state),
    t(badgeLook(badgeOf(vm)).key),
    ...(app.isAll ? [app.nameOf(this.pc.id)] : []),
  ];

  readonly #needsAttention = ({ ref, vm }: Listed): boolean => {
    const { drifted, machine } = this.pc;
    return drifted.has(ref) || (machine !== null && isWrong(checksOfVm(machine, vm)));
  };
}
