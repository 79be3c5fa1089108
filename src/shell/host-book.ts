/** The hosts that a person has added: tested first, known by the computer that they are, and renamed and removed again. */
import { createHash, randomBytes } from 'node:crypto';
import { isHostText, type HostId } from '../core/cmdlets/ref.js';
import {
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
  /** What was accepted for one stands for the other from now on. */
  readonly move: (from: Reached, to: Reached) => Promise<void>;
  readonly forget: (host: Reached) => Promise<void>;
}

interface Options {
  readonly hosts: () => readonly KnownHost[];
  readonly keep: (hosts: readonly KnownHost[]) => void;
  readonly ways: () => HostWays;
  /** Which there are is new: they are opened and closed. */
  readonly changed: () => Promise<void>;
  /** A change is under way on it. */
  readonly isBusy: (host: HostId) => boolean;
  /** Deletes the passwords that are kept for its VMs; it is closed by then. */
  readonly forget: (host: HostId) => Promise<void>;
  /** The test that is under way has passed this step. */
  readonly heard: (step: HostStep) => void;
  /** Which computer this PC is. undefined: that could not be read. */
  readonly self: () => Promise<Machine | undefined>;
}

export type Machine = NonNullable<HostTest['machine']>;
interface Candidate extends Reached {
  /** What the last test has said of it. */
  readonly machine?: Machine;
}

const idOf = (bytes: Buffer): HostId => {
  const text: unknown = `host-${bytes.toString('hex').slice(0, 12)}`;
  if (!isHostText(text)) throw new Error('no id of a host');
  return text;
};
/** By the computer itself: added again, it has the history that it had. Some makers give many boards one id: its name tells those apart. */
const idFor = ({ id, name }: Machine): HostId =>
  idOf(createHash('sha256').update(`${id} ${name.toLowerCase()}`).digest());

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

  /** `isOther`: a person says that it is another computer than the host of the same id. */
  add(typed: string, label: string, isOther?: boolean): Promise<AddAnswer> {
    return this.#turns.inTurn(() => this.#add(typed, label, isOther ?? false));
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
    const candidate = { id: this.#candidate?.id ?? idOf(randomBytes(6)), address: text };
    this.#candidate = candidate;
    if (accepts !== undefined && !(await ways().accept(candidate, { sha256: accepts }))) return { kind: 'other-key' };
    const answer = await this.#tested(candidate, { ...(signal && { signal }) });
    if (answer.kind === 'tested' && answer.test.machine)
      this.#candidate = { ...candidate, machine: answer.test.machine };
    return answer;
  }

  async #add(typed: string, label: string, isOther: boolean): Promise<AddAnswer> {
    const { hosts, ways } = this.options;
    const candidate = this.#candidate;
    const address = parseHostAddress(typed);
    if (!candidate?.machine || 'fault' in address || textOfAddress(address) !== candidate.address)
      return { kind: 'untested' };
    const { machine } = candidate;
    const id = idFor(machine);
    const refusal = await this.#refusalOf(machine, id, isOther);
    if (refusal) return refusal;
    const host: KnownHost = { id, address: candidate.address, label, machine: machine.id };
    await ways().move(candidate, host);
    this.#candidate = undefined;
    await this.#keep([...hosts(), host]);
    return { kind: 'added', host: id };
  }

  /** One computer is one host. */
  async #refusalOf(machine: Machine, id: HostId, isOther: boolean): Promise<AddAnswer | undefined> {
    if (machine.name === '') return { kind: 'no-name' };
    const known = this.options.hosts().find((one) => one.id === id);
    if (known) return { kind: 'known', host: known.id, label: known.label };
    const self = await this.options.self();
    if (self && idFor(self) === id) return { kind: 'this-pc' };
    const same = isOther ? undefined : this.options.hosts().find((one) => one.machine === machine.id);
    return same && { kind: 'same-id', label: same.label };
  }

  async #remove(host: HostId): Promise<RemoveAnswer> {
    const known = this.#known(host);
    const { hosts, isBusy, ways, forget } = this.options;
    if (isBusy(host)) return { kind: 'busy' };
    await this.#keep(hosts().filter(({ id }) => id !== known.id));
    await Promise.all([ways().forget(known), forget(host)]);
    return { kind: 'removed' };
  }

  /** Throws for one that is not there. */
  #known(host: HostId): KnownHost {
    const found = this.options.hosts().find(({ id }) => id === host);
    if (!found) throw new Error('no such host');
    return found;
  }

  async #keep(hosts: readonly KnownHost[]): Promise<void> {
    this.options.keep(hosts);
    await this.options.changed();
  }

  /** A key that was accepted for one that is not added is no use to anybody. */
  async #leave(): Promise<void> {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    if (candidate) await this.options.ways().forget(candidate);
  }
}
