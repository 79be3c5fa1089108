/** What was done from here to mend this PC and has not helped yet: `tried.json`, beside the journal of its runs. It never roams. */
import path from 'node:path';
import { z } from 'zod';
import type { HostFacts, Tried } from '../core/machine/machine.js';
import { stillTried } from '../core/machine/tried.js';
import { KeptList } from './kept-list.js';
import type { Place } from './place.js';
import type { Keeping } from './saving.js';

const schema = z.object({
  tried: z.array(
    z.object({
      act: z.enum(['join-group', 'enable-hyper-v', 'hypervisor-auto', 'start-service']),
      time: z.iso.datetime(),
    }),
  ),
});

export class TriedActs {
  readonly #list: KeptList<Tried>;

  /** A file that is not ours is as good as none: the first remedy is offered once more. */
  constructor(
    private readonly place: Pick<Place, 'journal' | 'source' | 'startedAt'>,
    keeping: Keeping,
  ) {
    this.#list = new KeptList({
      file: path.join(place.journal, 'tried.json'),
      parse: (text) => schema.parse(JSON.parse(text)).tried,
      write: (tried) => JSON.stringify({ tried }),
      keyOf: ({ act }) => act,
      ...keeping,
    });
    // A simulated PC begins anew each time.
    if (place.source.kind === 'simulated') this.#drop(this.#list.entries);
  }

  /** As a reading of this PC has them. */
  get facts(): Pick<HostFacts, 'tried' | 'startedAt'> {
    const { entries: tried } = this.#list;
    const startedAt = this.place.startedAt?.().toISOString();
    return { ...(tried.length > 0 ? { tried } : {}), ...(startedAt === undefined ? {} : { startedAt }) };
  }

  put(act: Tried['act'], now: Date): void {
    this.#list.put([{ act, time: now.toISOString() }]);
  }

  /** What has helped is forgotten. */
  heard(host: HostFacts): void {
    const { entries: tried } = this.#list;
    const still = stillTried({ ...host, tried });
    // Read before it was done, it says nothing of it.
    this.#drop(tried.filter((one) => !still.includes(one) && one.time < host.readAt));
  }

  close(): void {
    this.#list.close();
  }

  #drop(tried: readonly Tried[]): void {
    for (const { act } of tried) this.#list.remove(act);
  }
}
