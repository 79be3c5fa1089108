/** Where other PCs come from, and how they are tested: hosts over SSH beside this PC, simulated ones beside a simulated PC. */
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { HostsBeside } from '../simulator/hosts-beside.js';
import type { Failure, Host } from './core/cmdlets/call.js';
import type { HostId } from './core/cmdlets/ref.js';
import { listed, type KnownHost } from './core/machine/hosts.js';
import type { AppEvent, ShownHost } from './ipc/schema.js';
import { windowsFolder } from './powershell/find.js';
import { machineOf } from './powershell/host-test.js';
import { windowsSsh } from './powershell/ssh.js';
import { isReal, scenarioIn, simulatedPlace, type PlaceOptions } from './places.js';
import { OpenFailed } from './shell/connection.js';
import { HostBook, type HostWays, type Machine } from './shell/host-book.js';
import type { Place } from './shell/place.js';
import type { Runs } from './shell/runs.js';
import { sshPlace, sshWays, type SshPlaceOptions } from './ssh-place.js';

/** Those that are open, as far as it is asked about them. */
interface Hosts {
  /** Which there are is new. */
  follow(anew?: HostId): Promise<void>;
  /** This PC. */
  readonly world: { readonly connection: Pick<Host, 'call'> } | undefined;
  readonly worlds: readonly { readonly place: Pick<Place, 'at'>; readonly runs: Pick<Runs, 'isBusy'> }[];
}

interface Options {
  readonly placing: () => PlaceOptions;
  /** Those that were added to this PC, with those that were removed again. */
  readonly file: { readonly hosts: readonly KnownHost[]; keepHosts(hosts: readonly KnownHost[]): void };
  readonly hosts: () => Hosts;
  readonly send: (event: AppEvent) => void;
}

export class HostPlaces {
  readonly book: HostBook;
  #beside = new HostsBeside('');
  /** Names of the folders of their journals: what is kept for their VMs has the same. */
  readonly #folders = new Map<HostId, string>();

  constructor(private readonly options: Options) {
    this.book = new HostBook({
      hosts: () => this.#hosts,
      keep: (hosts) => (isReal(options.placing()) ? options.file.keepHosts(hosts) : this.#simulated.keep(hosts)),
      ways: () => this.#ways,
      changed: (anew) => options.hosts().follow(anew),
      isBusy: (host) => options.hosts().worlds.some(({ place, runs }) => place.at === host && runs.isBusy),
      forget: (host) => this.#forget(host),
      heard: (step) => options.send({ kind: 'host-test', step }),
      self: () => this.#self(),
    });
  }

  get known(): readonly ShownHost[] {
    return listed(this.#hosts).map(({ id, address, label }) => ({ id, address, label }));
  }

  async open(shown: ShownHost): Promise<Place> {
    const place = await this.#placeOf(shown);
    this.#folders.set(shown.id, path.basename(place.journal));
    return place;
  }

  async #placeOf({ id }: ShownHost): Promise<Place> {
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

  async #forget(host: HostId): Promise<void> {
    const folder = this.#folders.get(host);
    if (folder === undefined) return;
    await rm(path.join(this.options.placing().userData, 'accounts', `${folder}.json`), { force: true });
  }

  async #self(): Promise<Pick<Machine, 'name'> & Partial<Machine>> {
    const { world } = this.options.hosts();
    const found = world && (await machineOf(world.connection));
    // Windows cuts it off as NetBIOS does.
    return found && 'id' in found ? found : { name: hostname().slice(0, 15) };
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
      test: (host, followed) => beside.test(host, followed),
      keys: (host) => Promise.resolve(beside.keys(host)),
      accept: (host, fingerprint) => Promise.resolve(beside.accept(host, fingerprint)),
      // Each address has a key of its own.
      move: () => Promise.resolve(false),
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
