/** The hosts that a person has added: tested first, known by the computer that they are, and renamed and removed again. */
import { createHash } from 'node:crypto';
import { isHostText, type HostId } from '../core/cmdlets/ref.js';
import {
  listed,
  parseHostAddress,
  textOfAddress,
  type Fingerprint,
  type HostKeys,
  type HostStep,
  type HostTest,
  type KnownHost,
} from '../core/machine/hosts.js';
import type { AddAnswer, RemoveAnswer, TestAnswer } from '../ipc/hosts.js';
import { Locks } from './locks.js';

type Reached = Pick<KnownHost, 'id' | 'address'>;

/** `machine`: the computer that it has to be, of one that was added. `heard`: each step as it has passed. `signal`: nobody waits for it any more. */
export interface Testing {
  readonly machine?: string;
  readonly heard?: (step: HostStep) => void;
  readonly signal?: AbortSignal;
}

/** How a host is reached to be tested, and whose key it is. */
export interface HostWays {
  readonly test: (host: Reached, how: Testing) => Promise<HostTest>;
  readonly keys: (host: Reached) => Promise<HostKeys>;
  /** Takes the key that the last test has shown. False: it is another one. */
  readonly accept: (host: Reached, fingerprint: Pick<Fingerprint, 'sha256'>) => Promise<boolean>;
  /** What was accepted for one stands for the other from now on. Answers whether the other was known by the same key. */
  readonly move: (from: Reached, to: Reached) => Promise<boolean>;
  readonly forget: (host: Reached) => Promise<void>;
}

interface Options {
  /** With those that were removed. */
  readonly hosts: () => readonly KnownHost[];
  readonly keep: (hosts: readonly KnownHost[]) => void;
  readonly ways: () => HostWays;
  /** Which there are is new: they are opened and closed; this one is opened anew. */
  readonly changed: (anew?: HostId) => Promise<void>;
  /** A change is under way on it. */
  readonly isBusy: (host: HostId) => boolean;
  /** Deletes the passwords that are kept for its VMs. Open, it would still have them. */
  readonly forget: (host: HostId) => Promise<void>;
  /** The test that is under way has passed this step. */
  readonly heard: (step: HostStep) => void;
  /** Which computer this PC is. Without an id: that could not be read. */
  readonly self: () => Promise<Pick<Machine, 'name'> & Partial<Machine>>;
}

export type Machine = NonNullable<HostTest['machine']>;
interface Candidate extends Reached {
  /** What the last test has said of it. */
  readonly machine?: Machine;
}

interface Found {
  readonly kind: 'found';
  readonly id: HostId;
  /** It is listed, and keeps its label. */
  readonly label?: string;
}

const idOf = (bytes: Buffer): HostId => {
  const text: unknown = `host-${bytes.toString('hex').slice(0, 12)}`;
  if (!isHostText(text)) throw new Error('no id of a host');
  return text;
};
/** Always the same: what was left behind, in this run of the app or an older one, is found again. */
const candidateId = idOf(Buffer.alloc(6));
/** By the computer itself, as long as nothing else has that id: one that was renamed keeps its own. */
function idFor({ id, name }: Machine, hosts: readonly KnownHost[]): HostId {
  for (let copy = 0; ; copy++) {
    const made = idOf(
      createHash('sha256')
        .update(`${id} ${name.toLowerCase()}${'+'.repeat(copy)}`)
        .digest(),
    );
    if (!hosts.some((host) => host.id === made)) return made;
  }
}
/** Some makers give many boards one id: the name tells those apart. */
const isCalled = (one: Pick<Machine, 'name'>, other: Pick<Machine, 'name'>): boolean =>
  one.name.toLowerCase() === other.name.toLowerCase();

/** One thing after another: what a test has said is never taken for an answer of another address. */
export class HostBook {
  /** The one that a person wants to add, until it is added or another address is tested. */
  #candidate: Candidate | undefined;
  readonly #turns = new Locks();

  constructor(private readonly options: Options) {}

  test(typed: string, accepts: string | undefined, signal?: AbortSignal): Promise<TestAnswer> {
    return this.#turns.inTurn(() => this.#test(typed, accepts, signal));
  }

  async testKnown(host: HostId, signal?: AbortSignal): Promise<TestAnswer> {
    const known = this.#known(host);
    return await this.#tested(known, { machine: known.machine, ...(signal && { signal }) });
  }

  async #tested(host: Reached, how: Testing): Promise<Extract<TestAnswer, { kind: 'tested' | 'stopped' }>> {
    const { ways, heard } = this.options;
    const isLeft = (): boolean => how.signal?.aborted ?? false;
    if (isLeft()) return { kind: 'stopped' };
    const test = await ways().test(host, { ...how, heard: (step) => (isLeft() ? undefined : heard(step)) });
    return isLeft() ? { kind: 'stopped' } : { kind: 'tested', test };
  }

  async keys(host: HostId): Promise<HostKeys> {
    return await this.options.ways().keys(this.#known(host));
  }

  /** `sameAs`: a person says which of the hosts of its computer id it is, renamed or at another address; null: none of them. */
  add(typed: string, label: string, sameAs?: HostId | null): Promise<AddAnswer> {
    return this.#turns.inTurn(() => this.#add(typed, label, sameAs));
  }

  rename(host: HostId, label: string): Promise<void> {
    return this.#turns.inTurn(() => {
      const { id } = this.#known(host);
      return this.#keep(this.options.hosts().map((one) => (one.id === id ? { ...one, label } : one)));
    });
  }

  /** What was done to it stays in its journal. */
  remove(host: HostId): Promise<RemoveAnswer> {
    return this.#turns.inTurn(() => this.#remove(host));
  }

  async #test(typed: string, accepts: string | undefined, signal?: AbortSignal): Promise<TestAnswer> {
    const address = parseHostAddress(typed);
    if ('fault' in address) return { kind: 'no-address', fault: address.fault };
    const { ways } = this.options;
    const text = textOfAddress(address);
    if (this.#candidate?.address !== text) await this.#leave();
    // What an older test has said counts no more, whatever becomes of this one.
    const candidate = { id: candidateId, address: text };
    this.#candidate = candidate;
    if (accepts !== undefined && !(await ways().accept(candidate, { sha256: accepts }))) return { kind: 'other-key' };
    const answer = await this.#tested(candidate, { ...(signal && { signal }) });
    if (answer.kind === 'tested' && answer.test.machine)
      this.#candidate = { ...candidate, machine: answer.test.machine };
    return answer;
  }

  async #add(typed: string, label: string, sameAs: HostId | null | undefined): Promise<AddAnswer> {
    const { hosts, ways } = this.options;
    const candidate = this.#candidate;
    const address = parseHostAddress(typed);
    if (!candidate?.machine || 'fault' in address || textOfAddress(address) !== candidate.address)
      return { kind: 'untested' };
    const { id: machine, name } = candidate.machine;
    const found = await this.#idOf({ ...candidate, machine: candidate.machine }, sameAs);
    if (found.kind !== 'found') return found;
    const { id } = found;
    const host: KnownHost = { id, address: candidate.address, label: found.label ?? label, machine, name };
    const isSameKey = await ways().move(candidate, host);
    this.#candidate = undefined;
    const isKnown = hosts().some((one) => one.id === id);
    // The id of a computer is no secret, and who has another key may only say it.
    if (isKnown && !isSameKey) await this.options.forget(id);
    await this.#keep(isKnown ? hosts().map((one) => (one.id === id ? host : one)) : [...hosts(), host], id);
    return { kind: 'added', host: id };
  }

  /** One computer is one host, also where it was renamed or removed: its History goes by its id. Or why it is not added. */
  async #idOf(
    { address, machine }: Required<Candidate>,
    sameAs: HostId | null | undefined,
  ): Promise<Found | AddAnswer> {
    if (machine.name === '') return { kind: 'no-name' };
    const { hosts, self, isBusy } = this.options;
    const same = hosts().filter((one) => one.machine === machine.id);
    const own = same.find((one) => isCalled(one, machine));
    if (own && !own.isRemoved) {
      const { id, label } = own;
      if (sameAs !== id) return { kind: 'known', host: id, label, isMoved: own.address !== address };
      return isBusy(id) ? { kind: 'busy', label } : { kind: 'found', id, label };
    }
    const here = await self();
    if (isCalled(here, machine) && (here.id ?? machine.id) === machine.id) return { kind: 'this-pc' };
    const renamed = same.find(({ id }) => id === sameAs);
    if (renamed) return isBusy(renamed.id) ? { kind: 'busy', label: renamed.label } : { kind: 'found', id: renamed.id };
    // It is not the one any more that a person was asked about.
    if (sameAs) return { kind: 'untested' };
    const others = own ? listed(same) : same;
    if (sameAs === undefined && others.length > 0)
      return { kind: 'same-id', hosts: others.map(({ id, label }) => ({ id, label })) };
    return { kind: 'found', id: own?.id ?? idFor(machine, hosts()) };
  }

  async #remove(host: HostId): Promise<RemoveAnswer> {
    const known = this.#known(host);
    const { hosts, isBusy, ways, forget } = this.options;
    if (isBusy(host)) return { kind: 'busy' };
    await this.#keep(hosts().map((one) => (one.id === known.id ? { ...one, isRemoved: true } : one)));
    await Promise.all([ways().forget(known), forget(host)]);
    return { kind: 'removed' };
  }

  /** Throws for one that is not there. */
  #known(host: HostId): KnownHost {
    const found = this.options.hosts().find(({ id, isRemoved }) => id === host && !isRemoved);
    if (!found) throw new Error('no such host');
    return found;
  }

  async #keep(hosts: readonly KnownHost[], anew?: HostId): Promise<void> {
    this.options.keep(hosts);
    await this.options.changed(anew);
  }

  /** A key that was accepted for one that is not added is no use to anybody. */
  async #leave(): Promise<void> {
    const candidate = this.#candidate ?? { id: candidateId, address: '' };
    this.#candidate = undefined;
    await this.options.ways().forget(candidate);
  }
}
