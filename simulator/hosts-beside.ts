/**
 * Hosts beside a simulated PC, as they are reached from it: which there are, and what a test of one says. VMs of two of them have the same
 * ids, as imported copies have. Any other address is one of a host whose key is not known yet; `off` in it: nothing answers there.
 */
import { createHash } from 'node:crypto';
import { isHostText, type HostId } from '../src/core/cmdlets/ref.js';
import { labOf } from './scenarios/trouble.js';
import type { World } from './world.js';

interface KnownHost {
  readonly id: HostId;
  readonly address: string;
  readonly label: string;
  readonly machine: string;
  readonly name: string;
  readonly isRemoved?: true;
}
type Reached = Pick<KnownHost, 'id' | 'address'>;
type Refusal = 'away' | 'key-changed';
type Step = 'ssh-there' | 'name' | 'port' | 'host-key' | 'sign-in' | 'powershell' | 'modules' | 'rights';
interface Tested {
  readonly passed: readonly Step[];
  readonly failed?: {
    readonly step: Step;
    readonly failure: 'host-not-answering' | 'host-key-changed' | 'host-key-new';
    readonly detail: string;
  };
  readonly fingerprint?: { readonly type: string; readonly sha256: string };
  readonly machine?: { readonly id: string; readonly name: string };
}

interface Followed {
  readonly heard?: (step: Step) => void;
  readonly signal?: AbortSignal;
}

const steps: readonly Step[] = ['ssh-there', 'name', 'port', 'host-key', 'sign-in', 'powershell', 'modules', 'rights'];
const failedAt = (step: Step, failure: NonNullable<Tested['failed']>['failure'], detail = ''): Tested => ({
  passed: steps.slice(0, steps.indexOf(step)),
  failed: { step, failure, detail },
});

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const fingerprintOf = (address: string) => ({
  type: 'ssh-ed25519',
  sha256: `SHA256:${hashOf(address).toString('base64').slice(0, 43)}`,
});
/** `admin@build-01:2222` is BUILD-01. */
const nameIn = (address: string): string =>
  (/(?:.*@)?([^:]+)/.exec(address)?.[1] ?? address).toUpperCase().slice(0, 15);
/** BUILD-01-NEW is BUILD-01, renamed. */
const nameBefore = (name: string): string => name.replace(/-new$/i, '');
const idOf = (name: string): string =>
  hashOf(nameBefore(name))
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

interface HostBeside extends KnownHost {
  readonly vms: number;
  readonly refuses?: Refusal;
}
function host(number: number, label: string, vms: number, refuses?: Refusal): HostBeside {
  const id: unknown = `host-${number.toString(16).padStart(12, '0')}`;
  if (!isHostText(id)) throw new Error('no id of a host');
  const address = `admin@${label.toLowerCase()}`;
  return { id, address, label, machine: idOf(label), name: label, vms, ...(refuses && { refuses }) };
}

const beside: Readonly<Record<string, readonly HostBeside[]>> = {
  'lab-of-3-hosts': [host(1, 'BUILD-01', 8), host(2, 'BUILD-02', 6, 'away'), host(3, 'TEST-01', 4, 'key-changed')],
  'lab-of-20-hosts': Array.from({ length: 20 }, (_, index) =>
    host(index + 1, `LAB-${String(index + 1).padStart(2, '0')}`, 30),
  ),
};

export class HostsBeside {
  readonly #first: readonly HostBeside[];
  #known: readonly KnownHost[];
  /** Addresses whose key was accepted. */
  readonly #accepted: Set<string>;

  constructor(readonly scenario: string) {
    this.#first = Object.hasOwn(beside, scenario) ? (beside[scenario] ?? []) : [];
    this.#known = this.#first;
    this.#accepted = new Set(this.#first.map(({ address }) => address));
  }

  get known(): readonly KnownHost[] {
    return this.#known;
  }

  keep(hosts: readonly KnownHost[]): void {
    this.#known = hosts;
  }

  worldOf({ address }: Reached): World {
    return labOf(this.#at(address)?.vms ?? 3, nameIn(address));
  }

  /** Why no session with it can be had. */
  refusalOf({ address }: Reached): Refusal | undefined {
    return this.#at(address)?.refuses ?? (nameIn(address).includes('OFF') ? 'away' : undefined);
  }

  /** Each step is told as it passes; one whose name has `slow` in it waits behind its port until nobody follows it any more. */
  async test(reached: Reached, { heard, signal }: Followed = {}): Promise<Tested> {
    const tested = this.#tested(reached);
    const isSlow = nameIn(reached.address).includes('SLOW');
    for (const step of isSlow ? steps.slice(0, 3) : tested.passed) heard?.(step);
    if (isSlow && signal && !signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return tested;
  }

  #tested(reached: Reached): Tested {
    const { address } = reached;
    const name = nameIn(address);
    const refusal = this.refusalOf(reached);
    if (refusal === 'away')
      return failedAt(
        'port',
        'host-not-answering',
        `ssh: connect to host ${name.toLowerCase()} port 22: Connection timed out`,
      );
    const fingerprint = fingerprintOf(address);
    if (refusal === 'key-changed')
      return { ...failedAt('host-key', 'host-key-changed', 'Host key verification failed.'), fingerprint };
    if (!this.#accepted.has(address)) return { ...failedAt('host-key', 'host-key-new'), fingerprint };
    return { passed: steps, fingerprint, machine: { id: idOf(name), name } };
  }

  keys({ address }: Reached) {
    const accepted = fingerprintOf(address);
    const isOther = this.#at(address)?.refuses === 'key-changed';
    return { accepted, shown: isOther ? fingerprintOf(`${address}, set up again`) : accepted };
  }

  accept({ address }: Reached, { sha256 }: { readonly sha256: string }): boolean {
    if (fingerprintOf(address).sha256 !== sha256) return false;
    this.#accepted.add(address);
    return true;
  }

  forget({ address }: Reached): void {
    this.#accepted.delete(address);
  }

  #at(address: string): HostBeside | undefined {
    return this.#first.find((one) => one.address === nameBefore(address));
  }
}
