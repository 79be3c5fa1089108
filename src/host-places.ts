/** Where other PCs come from, and how they are tested: hosts over SSH beside this PC, simulated ones beside a simulated PC. */
import { HostsBeside } from '../simulator/hosts-beside.js';
import type { Failure } from './core/cmdlets/call.js';
import type { KnownHost } from './core/machine/hosts.js';
import type { ShownHost } from './ipc/schema.js';
import { windowsFolder } from './powershell/find.js';
import { windowsSsh } from './powershell/ssh.js';
import { isReal, scenarioIn, simulatedPlace, type PlaceOptions } from './places.js';
import { OpenFailed } from './shell/connection.js';
import { HostBook, type HostWays } from './shell/host-book.js';
import type { Place } from './shell/place.js';
import { sshPlace, sshWays, type SshPlaceOptions } from './ssh-place.js';

interface Options {
  readonly placing: () => PlaceOptions;
  /** Those that were added to this PC. */
  readonly file: { readonly hosts: readonly KnownHost[]; keepHosts(hosts: readonly KnownHost[]): void };
  /** Which there are is new. */
  readonly changed: () => Promise<void>;
}

export class HostPlaces {
  readonly book: HostBook;
  #beside = new HostsBeside('');

  constructor(private readonly options: Options) {
    this.book = new HostBook({
      hosts: () => this.#hosts,
      keep: (hosts) => (isReal(options.placing()) ? options.file.keepHosts(hosts) : this.#simulated.keep(hosts)),
      ways: () => this.#ways,
      changed: options.changed,
    });
  }

  get known(): readonly ShownHost[] {
    return this.#hosts.map(({ id, address, label }) => ({ id, address, label }));
  }

  async open({ id }: ShownHost): Promise<Place> {
    const host = this.#hosts.find((one) => one.id === id);
    if (!host) throw new Error('no such host');
    const options = this.options.placing();
    if (isReal(options)) return sshPlace(host, this.#ssh);
    const beside = this.#simulated;
    const refusal = beside.refusalOf(host);
    // Called directly: one PowerShell more for each of twenty would show nothing new.
    const place = await simulatedPlace({ ...options, engine: undefined }, { at: id, world: beside.worldOf(host) });
    return refusal ? { ...place, open: () => Promise.reject(new OpenFailed(refusals[refusal])) } : place;
  }

  get #hosts(): readonly KnownHost[] {
    return isReal(this.options.placing()) ? this.options.file.hosts : this.#simulated.known;
  }

  get #ssh(): SshPlaceOptions {
    const windows = windowsFolder(process.env);
    return { ssh: windowsSsh(process.env, windows), windows, userData: this.options.placing().userData };
  }

  get #ways(): HostWays {
    if (isReal(this.options.placing())) return sshWays(this.#ssh);
    const beside = this.#simulated;
    return {
      test: (host) => Promise.resolve(beside.test(host)),
      accept: (host, fingerprint) => Promise.resolve(beside.accept(host, fingerprint)),
      move: () => Promise.resolve(),
      forget: (host) => Promise.resolve(beside.forget(host)),
    };
  }

  /** Another scenario begins anew. */
  get #simulated(): HostsBeside {
    const scenario = scenarioIn(this.options.placing());
    if (this.#beside.scenario !== scenario) this.#beside = new HostsBeside(scenario);
    return this.#beside;
  }
}

const refusals = {
  away: { kind: 'host-not-answering' },
  'key-changed': { kind: 'host-key-changed' },
} as const satisfies Record<string, Failure>;
