/** What was done from here to mend this PC and has not helped for good yet: `tried.json`, beside the journal of its runs. It never roams. */
import path from 'node:path';
import { z } from 'zod';
import { oneShots, type HostFacts, type OneShot, type Tried } from '../core/machine/machine.js';
import { stillTried } from '../core/machine/tried.js';
import { KeptList } from './kept-list.js';
import type { Place } from './place.js';
import type { Keeping } from './saving.js';

const schema = z.object({
  tried: z.array(
    z.object({
      act: z.enum(oneShots),
      time: z.iso.datetime(),
      startedAt: z.iso.datetime().exactOptional(),
    }),
  ),
});

/** Milliseconds, less than any two starts of Windows lie apart. */
const adjusted = 120_000;

export class TriedActs {
  readonly #list: KeptList<Tried>;

  /** A file that is not ours is as good as none: the first remedy is offered once more. */
  constructor(
    private readonly place: Pick<Place, 'journal' | 'source' | 'startedAt'>,
    keeping: Keeping,
  ) {
    this.#list = new KeptList({
      file: path.join(place.journal, 'tried.json'),
      parse: (text) => schema.parse(JSON.parse(text)).tried.map((one) => this.#ofThisStart(one)),
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
    return { ...(tried.length > 0 ? { tried } : {}), ...this.#start };
  }

  put(act: OneShot, now: Date): void {
    this.#list.put([{ act, time: now.toISOString(), ...this.#start }]);
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

  get #start(): Pick<HostFacts, 'startedAt'> {
    const startedAt = this.place.startedAt?.().toISOString();
    return startedAt === undefined ? {} : { startedAt };
  }

  /** The app works out anew, each time that it opens, when Windows started: by a clock that is adjusted a little all the time. */
  #ofThisStart(one: Tried): Tried {
    const { startedAt } = this.#start;
    if (startedAt === undefined || one.startedAt === undefined) return one;
    const isSame = Math.abs(Date.parse(startedAt) - Date.parse(one.startedAt)) < adjusted;
    return isSame ? { ...one, startedAt } : one;
  }

  #drop(tried: readonly Tried[]): void {
    for (const { act } of tried) this.#list.remove(act);
  }
}
