/** One source of machines, opened: this PC, a simulated one in its place, or a host, with the files that the app keeps for it. */
import type { HostId, VmRef } from '../core/cmdlets/ref.js';
import path from 'node:path';
import { app, powerMonitor, safeStorage } from 'electron';
import { isEmpty } from '../core/machine/patch.js';
import type { AppEvent, Connection, Installation } from '../ipc/schema.js';
import type { FileNotice } from '../ipc/notices.js';
import type { RunRecord } from '../core/run/record.js';
import { translator } from '../text/index.js';
import type { AppStore, HostStore } from './app-state.js';
import { checkpointNames } from './checkpoint-name.js';
import { coalesced } from './coalesce.js';
import { AppliedCheckpoints, driftsNow } from '../core/run/drift.js';
import { KeptAccounts } from './kept-accounts.js';
import { KeptChanges } from './kept-changes.js';
import type { Log } from './log.js';
import { MemoryHistory } from './memory-history.js';
import type { Reading } from './readings.js';
import type { Keeping } from './saving.js';
import { realWatchClock } from './watcher.js';
import type { Place } from './place.js';
import { TriedActs } from './tried-acts.js';
import { World } from './world.js';

export interface SourceOptions {
  readonly at: HostId;
  readonly store: AppStore;
  readonly openPlace: () => Promise<Place>;
  /** The folder of all that the app keeps. */
  readonly data: string;
  readonly keeping: (kind: FileNotice) => Keeping;
  readonly log: Pick<Log, 'info' | 'error'>;
  readonly failed: (what: string, error: unknown) => void;
  readonly installation: Installation;
  /** Milliseconds after which an elevated session that nobody uses is ended. */
  readonly unusedLimit: number;
  readonly isWindowVisible: () => boolean;
  readonly send: (event: AppEvent) => void;
  /** Something that the tray shows may be new. */
  readonly changed: () => void;
  /** Runs have begun or ended. */
  readonly runsChanged: () => void;
  readonly ended: (record: RunRecord) => void;
}

export class OpenSource {
  readonly memory = new MemoryHistory();
  readonly #showDrifts = coalesced(() => this.#readDrifts(), 200, realWatchClock);
  #world: World | undefined;
  /** Counts how often it was closed: what was begun before has no place any more. */
  #turn = 0;
  #keptChanges: KeptChanges | undefined;
  #tried: TriedActs | undefined;
  #accounts: KeptAccounts | undefined;
  #applied = new AppliedCheckpoints();
  readonly #own: HostStore;

  constructor(private readonly options: SourceOptions) {
    this.#own = options.store.of(options.at);
  }

  /** undefined: none is open yet, or another one is being opened. */
  get world(): World | undefined {
    return this.#world;
  }

  get opened(): World {
    if (!this.#world) throw new Error('no machines are open yet');
    return this.#world;
  }

  /** What the settings and the command line say now; what was open is closed. */
  async open(): Promise<void> {
    const { data, keeping, log } = this.options;
    const closing = this.close();
    const turn = this.#turn;
    await closing;
    if (turn !== this.#turn) return;
    const place = await this.options.openPlace();
    if (turn !== this.#turn) return await place.close();
    log.info('source:', place.source.kind, place.source.kind === 'simulated' ? place.source.through : '');
    this.memory.clear();
    this.#own.keep({ machine: null, guests: {}, drifts: [], isFailing: false, proof: null });
    this.#keptChanges = new KeptChanges(place.journal, keeping('kept-changes-unusable'));
    this.#applied = new AppliedCheckpoints();
    const file = path.join(data, 'accounts', `${path.basename(place.journal)}.json`);
    const accounts = new KeptAccounts(file, safeStorage, keeping('accounts-unusable'));
    this.#accounts = accounts;
    const tried = new TriedActs(place, keeping('tried-unusable'));
    this.#tried = tried;
    const world = await this.#openWorld(place, accounts, tried);
    // Closed meanwhile, or opened anew: nobody would ever close this one.
    if (turn !== this.#turn) return await world.close();
    this.#world = world;
    world.watcher.setVisible(this.options.isWindowVisible());
    this.#guestsChanged(accounts);
    this.#own.change({
      source: place.source,
      machine: this.#own.state.machine,
      runs: world.runs.records,
      running: world.runs.running,
    });
    this.#showDrifts();
  }

  /** Its session, and its files. */
  async close(): Promise<void> {
    this.#turn++;
    const old = this.#world;
    this.#world = undefined;
    try {
      await old?.close();
    } finally {
      this.closeFiles();
    }
  }

  /** Of one source. What they could not write yet is tried once more. */
  closeFiles(): void {
    this.#keptChanges?.close();
    this.#tried?.close();
    this.#accounts?.close();
  }

  keepDrift(vm: VmRef): void {
    const drift = this.#own.state.drifts.find((one) => one.vm === vm);
    if (!drift || !this.#keptChanges) return;
    this.#keptChanges.keep(drift);
    this.#showDrifts();
  }

  #openWorld(place: Place, kept: KeptAccounts, tried: TriedActs): Promise<World> {
    const { store, log, failed, send, installation, unusedLimit } = this.options;
    return World.open(place, {
      kept,
      tried,
      guestsChanged: () => this.#guestsChanged(kept),
      proved: (proof) => this.#own.change({ proof }),
      appVersion: app.getVersion(),
      installation,
      unusedLimit,
      nameCheckpoint: checkpointNames(() => translator(store.state.language)),
      connected: (connection) => this.#connected(connection),
      heard: (reading) => this.#heard(reading),
      ran: (event) => {
        send({ kind: 'run', event });
        this.#own.keep({ runs: this.#world?.runs.records ?? [] });
      },
      recorded: (record) => {
        send({ kind: 'run-record', record });
        this.#runsChanged();
        this.options.ended(record);
      },
      unwritable: (fault) => {
        log.error('journal: cannot be written');
        store.say({ kind: 'journal-unwritable', fault });
      },
      failed: (error) => failed('reading', error),
      troubled: (isFailing) => {
        if (!isFailing) log.info('reading: works again');
        this.#own.change({ isFailing });
      },
      idleSeconds: () => powerMonitor.getSystemIdleTime(),
    });
  }

  #guestsChanged({ list: accounts, canKeep: canRemember }: KeptAccounts): void {
    this.#own.change({ guests: this.#world?.guests.states ?? {}, accounts, canRemember });
  }

  #connected(connection: Connection): void {
    this.options.log.info('session:', connection.kind, connection.kind === 'lost' ? connection.failure.kind : '');
    this.#own.change({ connection });
  }

  #heard(reading: Reading): void {
    const { send, changed } = this.options;
    this.memory.heard(reading.machine);
    this.#applied.notice(reading);
    const patch = this.#own.hear(reading);
    if (patch) send({ kind: 'machine', patch });
    // An idle tick changes nothing that the tray or a drift is made of.
    if (patch && isEmpty(patch)) return;
    if (patch) changed();
    this.#showDrifts();
  }

  #runsChanged(): void {
    const { changed, runsChanged } = this.options;
    // The end of a run that its closing has cut short is heard after it.
    const runs = this.#world?.runs;
    if (runs) {
      this.#own.keep({ runs: runs.records });
      if (runs.running.join() === this.#own.state.running.join()) changed();
      else this.#own.change({ running: runs.running });
      this.#showDrifts();
    }
    runsChanged();
  }

  #readDrifts(): void {
    const { machine, source, drifts: shown, connection } = this.#own.state;
    if (!this.#world || !this.#keptChanges) return;
    const { runs } = this.#world;
    // A simulated PC begins anew each time: what earlier runs did to it was never undone by anybody.
    const records = source.kind === 'simulated' ? runs.ownRecords : runs.records;
    const known = { machine, records, busy: runs.busyVms, kept: this.#keptChanges.list, applied: this.#applied };
    const drifts = driftsNow(known, connection, shown);
    if (JSON.stringify(drifts) !== JSON.stringify(shown)) this.#own.change({ drifts });
  }
}
