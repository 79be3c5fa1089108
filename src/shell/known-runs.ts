/** The runs of a PC: those on the disk, and those that are being carried out now. */
import type { HostId, VmRef } from '../core/cmdlets/ref.js';
import type { RunId } from '../core/machine/goal.js';
import { hasAgreed, type PlanOptions } from '../core/change/step.js';
import { isCutShort, isSound, newestFirst, type Offer, type RunRecord } from '../core/run/record.js';
import type { FileFault } from '../ipc/notices.js';
import { prune } from './journal-pruning.js';
import { fileOf, markSettled, markUndone, nextOrder, readJournals } from './journal.js';
import { faultOf } from './replace-file.js';

export interface KnownRunsDeps {
  /** The PC whose runs they are. */
  readonly at: HostId;
  readonly folder: string;
  /** A run has begun, ended or been settled. */
  readonly onRecord: (record: RunRecord) => void;
  readonly onUnwritable: (fault: FileFault) => void;
  readonly now?: () => Date;
}

export interface UnderWay {
  readonly stop: AbortController;
  readonly vms: ReadonlySet<VmRef>;
  /** The run that was cut short, and that is settled when this one has succeeded. */
  readonly finishes: RunId | undefined;
}

export class KnownRuns {
  readonly underWay = new Map<RunId, UnderWay>();
  readonly #records = new Map<RunId, RunRecord>();
  /** Of the next run; undefined: what is on the disk could not be read, so that nobody knows. */
  #nextOrder: number | undefined;
  /** Runs from this number on were begun since the app was started. */
  #firstOrder = 0;

  constructor(private readonly deps: KnownRunsDeps) {}

  async read(): Promise<void> {
    const { folder, at, now } = this.deps;
    const records = await prune(folder, await readJournals(folder, at), now?.() ?? new Date());
    for (const record of records) this.#records.set(record.id, record);
    this.#firstOrder = this.#nextOrder = Math.max(this.#nextOrder ?? 0, nextOrder(records));
  }

  /** What is on the disk, for somebody who only looks: nothing is tidied up, and no run can begin. */
  async look(): Promise<void> {
    for (const record of await readJournals(this.deps.folder, this.deps.at)) this.#records.set(record.id, record);
  }

  /** Newest first. */
  get all(): readonly RunRecord[] {
    return [...this.#records.values()].toSorted(newestFirst);
  }

  get own(): readonly RunRecord[] {
    return this.all.filter(({ order }) => order >= this.#firstOrder);
  }

  get running(): readonly RunId[] {
    return this.all.flatMap(({ id }) => (this.underWay.has(id) ? [id] : []));
  }

  get busyVms(): ReadonlySet<VmRef> {
    return new Set([...this.underWay.values()].flatMap(({ vms }) => [...vms]));
  }

  get cutShort(): readonly RunRecord[] {
    return this.all.filter((record) => this.isCutShort(record));
  }

  isCutShort(record: RunRecord): boolean {
    return isSound(record) && isCutShort(record, this.underWay);
  }

  get(id: RunId): RunRecord | undefined {
    return this.#records.get(id);
  }

  keep(record: RunRecord): RunRecord {
    this.#records.set(record.id, record);
    return record;
  }

  /** The number of a run that begins now. */
  async takeOrder(): Promise<number> {
    if (this.#nextOrder === undefined) await this.read();
    const order = this.#nextOrder ?? 1;
    this.#nextOrder = order + 1;
    return order;
  }

  async settled({ id }: RunRecord, settled: NonNullable<RunRecord['settled']>): Promise<void> {
    await markSettled(this.deps.folder, id, settled).catch(this.unwritable);
    this.#mark(id, { settled });
  }

  async undone({ id }: RunRecord, undoneBy: RunId): Promise<void> {
    await markUndone(this.deps.folder, id, undoneBy).catch(this.unwritable);
    this.#mark(id, { undoneBy });
    const now = this.get(id);
    if (now && this.isCutShort(now)) await this.settled(now, 'undone');
  }

  /** As it is by now: another mark may have been made meanwhile. */
  #mark(id: RunId, mark: Pick<RunRecord, 'settled' | 'undoneBy'>): void {
    const record = this.#records.get(id);
    if (record) this.deps.onRecord(this.keep({ ...record, ...mark }));
  }

  readonly unwritable = (error: unknown): FileFault => {
    const { folder } = this.deps;
    // Of a file in it: the folder itself is no obstacle. A person is told of the folder.
    const one = fileOf(folder, 'any');
    const found = faultOf(error, one);
    const fault = found.path === one ? { ...found, path: folder } : found;
    this.deps.onUnwritable(fault);
    return fault;
  };

  /** What the journal says of the last run of each VM: a guest is asked before it is forced, whatever the window sends. */
  get learned(): Pick<PlanOptions, 'askedInVain' | 'refusedRunning'> {
    const last = new Map<VmRef, Offer | undefined>();
    for (const record of this.all.filter(isSound))
      for (const vm of record.plan.chains.map(({ vm }) => vm)) {
        if (last.has(vm)) continue;
        const stopped = record.events.find((event) => event.kind === 'stopped' && event.vm === vm);
        // Cut short after turning off was agreed to: it may be on its way down.
        const isGoingOff = this.isCutShort(record) && hasAgreed(record.plan, vm, 'turn-off');
        last.set(vm, isGoingOff ? 'turn-off' : stopped?.kind === 'stopped' ? stopped.offer : undefined);
      }
    const withOffer = (offer: Offer): ReadonlySet<VmRef> =>
      new Set([...last].flatMap(([vm, offered]) => (offered === offer ? [vm] : [])));
    return { askedInVain: withOffer('turn-off'), refusedRunning: withOffer('while-off') };
  }
}
