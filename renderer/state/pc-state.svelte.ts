/** What is known of one PC, each part by itself: what hangs on one is not made anew when another, or another PC, changes. */
import { idOf, hostOf, isVmRef, isWithin, vmIn, type HostId, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { ifRead } from '../../src/core/machine/reading.js';
import { vmAt } from '../../src/core/machine/tree.js';
import type { HostState } from '../../src/ipc/schema.js';
import type { Listed } from './list.js';
import { viewOf, type Old, type View } from './view.js';

export class PcState {
  readonly id: HostId;
  readonly #read: () => HostState | undefined;

  readonly #state = $derived.by(() => this.#read());
  readonly connection = $derived(this.#state?.connection);
  readonly machine: Machine | null = $derived(this.#state?.machine ?? null);
  readonly view: View = $derived(
    viewOf(this.connection ? { connection: this.connection, machine: this.machine } : null),
  );
  /** What was allowed for this session has ended, or it is away: its VMs are old, and nothing can be done with them. */
  readonly ended: Old | undefined = $derived(this.view.kind === 'list' ? this.view.ended : undefined);

  readonly #vms = $derived(this.machine?.vms);
  readonly #byId = $derived(new Map(ifRead(this.#vms, [], (all) => all.map((vm) => [vm.id, vm]))));
  /** Its own VMs, in the order of the PC; none: as long as its list is kept away. */
  readonly vms: readonly Listed[] = $derived(
    this.view.kind === 'list'
      ? ifRead(this.#vms, [], (all) => all.map((vm) => ({ ref: vmIn(this.id, vm.id), vm })))
      : [],
  );

  readonly #drifts = $derived(this.#state?.drifts);
  /** VMs that something else has changed since they were set up here. */
  readonly drifted: ReadonlySet<VmRef> = $derived(new Set(this.#drifts?.map(({ vm }) => vm)));

  readonly #running = $derived(this.#state?.running);
  readonly #runs = $derived(this.#state?.runs);
  /** The runs that are being carried out now. */
  readonly running: ReadonlySet<string> = $derived(new Set(this.#running));
  readonly #changing = $derived(
    this.running.size === 0
      ? []
      : (this.#runs ?? [])
          .filter(({ id }) => this.running.has(id))
          .flatMap(({ plan }) => plan.chains.map(({ vm }) => vm)),
  );

  /** `read`: what is known of it now. undefined: main has not answered yet, or it was removed. */
  constructor(id: HostId, read: () => HostState | undefined) {
    this.id = id;
    this.#read = read;
  }

  /** A run is changing this VM, what it is in, or what is in it. */
  isBusy(vm: VmRef): boolean {
    return this.#changing.some((one) => isWithin(one, vm) || isWithin(vm, one));
  }

  /** At any depth. */
  vm(ref: VmRef): Vm | undefined {
    const at = hostOf(ref);
    return at === this.id && !isVmRef(at) ? this.own(idOf(ref)) : vmAt(this.machine, ref);
  }

  own(id: Guid | undefined): Vm | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }
}
